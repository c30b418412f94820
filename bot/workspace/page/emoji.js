// Emoji by Slack's names, as characters. Names that stand for no character (an organisation's own images) are absent.

const TABLE = `
+1 👍 -1 👎 100 💯 alarm_clock ⏰ ambulance 🚑 arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_up ⬆️ atom_symbol ⚛️
ballot_box_with_check ☑️ bangbang ‼️ bar_chart 📊 battery 🔋 beer 🍺 beers 🍻 bell 🔔 biohazard ☣️ biohazard_sign ☣️
black_circle ⚫ black_flag 🏴 blue_circle 🔵 book 📖 bookmark 🔖 boom 💥 brain 🧠 bug 🐛 building_construction 🏗️ bulb 💡
busts_in_silhouette 👥 calendar 📆 chart 💹 chart_with_downwards_trend 📉 chart_with_upwards_trend 📈 checkered_flag 🏁
clap 👏 clipboard 📋 clock1 🕐 clock2 🕑 clock3 🕒 clock4 🕓 clock5 🕔 clock6 🕕 clock7 🕖 clock8 🕗 clock9 🕘 clock10 🕙
clock11 🕚 clock12 🕛 cloud ☁️ coffee ☕ computer 💻 confused 😕 construction 🚧 crossed_fingers 🤞 crown 👑 cry 😢 dart 🎯
date 📅 desktop_computer 🖥️ dizzy 💫 door 🚪 eight 8️⃣ electric_plug 🔌 email ✉️ envelope ✉️ exclamation ❗ eyes 👀
fast_forward ⏩ fire 🔥 fire_engine 🚒 fireworks 🎆 first_place_medal 🥇 five 5️⃣ floppy_disk 💾 four 4️⃣ gear ⚙️ ghost 👻
globe_with_meridians 🌐 grey_question ❔ grey_exclamation ❕ grimacing 😬 hammer 🔨 hammer_and_wrench 🛠️ hand ✋
handshake 🤝 heart ❤️ heavy_check_mark ✔️ heavy_division_sign ➗ heavy_exclamation_mark ❗ heavy_minus_sign ➖
heavy_plus_sign ➕ heavy_multiplication_x ✖️ hourglass ⌛ hourglass_flowing_sand ⏳ inbox_tray 📥 incoming_envelope 📨
information_source ℹ️ joy 😂 key 🔑 keyboard ⌨️ keycap_ten 🔟 label 🏷️ large_blue_circle 🔵 large_green_circle 🟢
large_orange_circle 🟠 large_red_circle 🔴 large_yellow_circle 🟡 large_purple_circle 🟣 large_brown_circle 🟤
large_blue_square 🟦 large_green_square 🟩 large_orange_square 🟧 large_red_square 🟥 large_yellow_square 🟨
leftwards_arrow_with_hook ↩️ link 🔗 lock 🔒 loudspeaker 📢 mag 🔍 mag_right 🔎 mega 📣 memo 📝 microscope 🔬
money_with_wings 💸 muscle 💪 mute 🔇 negative_squared_cross_mark ❎ nerd_face 🤓 newspaper 📰 nine 9️⃣ no_entry ⛔
no_entry_sign 🚫 o ⭕ ok 🆗 ok_hand 👌 one 1️⃣ open_file_folder 📂 file_folder 📁 orange_circle 🟠 outbox_tray 📤
package 📦 page_facing_up 📄 page_with_curl 📃 pager 📟 paperclip 📎 partying_face 🥳 pencil 📝 pencil2 ✏️ phone ☎️
pill 💊 pizza 🍕 point_down 👇 point_left 👈 point_right 👉 point_up ☝️ point_up_2 👆 poop 💩 hankey 💩 pray 🙏
purple_circle 🟣 pushpin 📌 question ❓ radioactive ☢️ radioactive_sign ☢️ rainbow 🌈 raised_hand ✋ raised_hands 🙌
recycle ♻️ red_circle 🔴 repeat 🔁 rewind ⏪ robot_face 🤖 rocket 🚀 rotating_light 🚨 round_pushpin 📍 satellite 🛰️
satellite_antenna 📡 scales ⚖️ scream 😱 scroll 📜 seven 7️⃣ shield 🛡️ simple_smile 🙂 six 6️⃣ skull 💀 sleeping 😴
slightly_smiling_face 🙂 slightly_frowning_face 🙁 smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 satisfied 😆 wink 😉
blush 😊 heart_eyes 😍 sunglasses 😎 neutral_face 😐 expressionless 😑 disappointed 😞 pensive 😔 sob 😭 angry 😠 rage 😡
rolling_on_the_floor_laughing 🤣 upside_down_face 🙃 relieved 😌 sweat 😓 weary 😩 tired_face 😫 fearful 😨 cold_sweat 😰
zipper_mouth_face 🤐 face_with_rolling_eyes 🙄 shrug 🤷 face_palm 🤦 hugging_face 🤗 exploding_head 🤯 saluting_face 🫡
melting_face 🫠 face_with_monocle 🧐 cold_face 🥶 hot_face 🥵 snowflake ❄️ sos 🆘 sparkles ✨ speaker 🔈 sound 🔉
loud_sound 🔊 speech_balloon 💬 spiral_calendar_pad 🗓️ spiral_note_pad 🗒️ star ⭐ star2 🌟 stopwatch ⏱️ timer_clock ⏲️
sunny ☀️ sweat_smile 😅 tada 🎉 telephone_receiver 📞 test_tube 🧪 thinking 🤔 thinking_face 🤔 thought_balloon 💭
thread 🧵 three 3️⃣ thumbsdown 👎 thumbsup 👍 traffic_light 🚥 triangular_flag_on_post 🚩 two 2️⃣ umbrella ☔ unlock 🔓
vertical_traffic_light 🚦 warning ⚠️ wastebasket 🗑️ wave 👋 wavy_dash 〰️ white_check_mark ✅ white_circle ⚪
white_flag 🏳️ worried 😟 wrench 🔧 writing_hand ✍️ x ❌ yellow_circle 🟡 green_circle 🟢 zap ⚡ zero 0️⃣
interrobang ⁉️ heavy_heart_exclamation_mark_ornament ❣️ broken_heart 💔 green_heart 💚 blue_heart 💙 yellow_heart 💛
purple_heart 💜 black_heart 🖤 orange_heart 🧡 two_hearts 💕 v ✌️ fist ✊ facepunch 👊 punch 👊 call_me_hand 🤙
spock-hand 🖖 open_hands 👐 palms_up_together 🤲 clinking_glasses 🥂 champagne 🍾 cake 🍰 birthday 🎂 gift 🎁 trophy 🏆
medal 🏅 second_place_medal 🥈 third_place_medal 🥉 soccer ⚽ basketball 🏀 headphones 🎧 microphone 🎤 guitar 🎸
dog 🐶 cat 🐱 mouse 🐭 bear 🐻 panda_face 🐼 unicorn_face 🦄 snail 🐌 turtle 🐢 rabbit 🐰 bird 🐦 penguin 🐧 octopus 🐙
whale 🐳 fish 🐟 bee 🐝 ant 🐜 spider 🕷️ spider_web 🕸️ evergreen_tree 🌲 deciduous_tree 🌳 seedling 🌱 cactus 🌵
four_leaf_clover 🍀 maple_leaf 🍁 mushroom 🍄 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 crescent_moon 🌙
full_moon 🌕 new_moon 🌑 rain_cloud 🌧️ thunder_cloud_and_rain ⛈️ tornado 🌪️ fog 🌫️ ocean 🌊 droplet 💧 volcano 🌋
car 🚗 red_car 🚗 bus 🚌 truck 🚚 bike 🚲 airplane ✈️ ship 🚢 boat ⛵ anchor ⚓ helicopter 🚁 train 🚋 police_car 🚓
house 🏠 office 🏢 hospital 🏥 bank 🏦 factory 🏭 school 🏫 hotel 🏨 iphone 📱 tv 📺 camera 📷 video_camera 📹 movie_camera 🎥
radio 📻 cd 💿 dvd 📀 minidisc 💽 printer 🖨️ file_cabinet 🗄️ card_file_box 🗃️ card_index 📇 ledger 📒 notebook 📓 books 📚
closed_book 📕 green_book 📗 blue_book 📘 orange_book 📙 newspaper_roll 🗞️ rolled_up_newspaper 🗞️ bookmark_tabs 📑
mailbox 📫 mailbox_with_mail 📬 postbox 📮 ballot_box_with_ballot 🗳️ scissors ✂️ straight_ruler 📏 triangular_ruler 📐
closed_lock_with_key 🔐 lock_with_ink_pen 🔏 old_key 🗝️ nut_and_bolt 🔩 chains ⛓️ toolbox 🧰 magnet 🧲 ladder 🪜
axe 🪓 pick ⛏️ crossed_swords ⚔️ bomb 💣 fire_extinguisher 🧯 moneybag 💰 dollar 💵 euro 💶 credit_card 💳 receipt 🧾
inbox 📥 e-mail 📧 mute_bell 🔕 no_bell 🔕 postal_horn 📯 studio_microphone 🎙️ level_slider 🎚️ control_knobs 🎛️
compass 🧭 world_map 🗺️ jigsaw 🧩 game_die 🎲 crystal_ball 🔮 adhesive_bandage 🩹 stethoscope 🩺 syringe 💉 thermometer 🌡️
dna 🧬 petri_dish 🧫 telescope 🔭 bricks 🧱 baby 👶 man 👨 woman 👩 person_in_lotus_position 🧘 firefighter 🧑‍🚒
male-technologist 👨‍💻 female-technologist 👩‍💻 technologist 🧑‍💻 detective 🕵️ sleuth_or_spy 🕵️ ninja 🥷 zombie 🧟 superhero 🦸
running 🏃 walking 🚶 raising_hand 🙋 ok_woman 🙆 no_good 🙅 bow 🙇 eye 👁️ ear 👂 nose 👃 tongue 👅 footprints 👣
bust_in_silhouette 👤 speaking_head_in_silhouette 🗣️ dash 💨 sweat_drops 💦 zzz 💤 anger 💢 hole 🕳️ left_speech_bubble 🗨️
arrow_upper_right ↗️ arrow_lower_right ↘️ arrow_lower_left ↙️ arrow_upper_left ↖️ arrow_up_down ↕️ left_right_arrow ↔️
arrow_right_hook ↪️ arrow_heading_up ⤴️ arrow_heading_down ⤵️ arrows_clockwise 🔃 arrows_counterclockwise 🔄
arrow_forward ▶️ arrow_backward ◀️ arrow_double_up ⏫ arrow_double_down ⏬ double_vertical_bar ⏸️ black_square_for_stop ⏹️
black_circle_for_record ⏺️ next_track_button ⏭️ repeat_one 🔂 twisted_rightwards_arrows 🔀 back 🔙 end 🔚 on 🔛 soon 🔜 top 🔝
new 🆕 free 🆓 up 🆙 cool 🆒 ng 🆖 vs 🆚 id 🆔 hash #️⃣ keycap_star *️⃣ copyright ©️ registered ®️ tm ™️ infinity ♾️
small_red_triangle 🔺 small_red_triangle_down 🔻 small_blue_diamond 🔹 small_orange_diamond 🔸 large_blue_diamond 🔷
large_orange_diamond 🔶 radio_button 🔘 white_square_button 🔳 black_square_button 🔲 black_large_square ⬛ white_large_square ⬜
black_medium_square ◼️ white_medium_square ◻️ black_small_square ▪️ white_small_square ▫️ no_good_sign 🚫 stop_sign 🛑 octagonal_sign 🛑
children_crossing 🚸 no_pedestrians 🚷 do_not_litter 🚯 non-potable_water 🚱 no_mobile_phones 📵 underage 🔞 name_badge 📛
beginner 🔰 trident 🔱 fleur_de_lis ⚜️ recycle_sign ♻️ vibration_mode 📳 mobile_phone_off 📴 signal_strength 📶 cinema 🎬
low_brightness 🔅 high_brightness 🔆 parking 🅿️ wheelchair ♿ restroom 🚻 passport_control 🛂 customs 🛃 baggage_claim 🛄
watch ⌚ mantelpiece_clock 🕰️ calling 📲 fax 📠 trackball 🖲️ three_button_mouse 🖱️ joystick 🕹️ flashlight 🔦 candle 🕯️
lower_left_ballpoint_pen 🖊️ lower_left_fountain_pen 🖋️ lower_left_crayon 🖍️ black_nib ✒️ card_index_dividers 🗂️
linked_paperclips 🖇️ triangular_flag 🚩 crossed_flags 🎌 waving_white_flag 🏳️ waving_black_flag 🏴 rainbow-flag 🏳️‍🌈
confetti_ball 🎊 balloon 🎈 ribbon 🎀 ticket 🎫 performing_arts 🎭 art 🎨 dancer 💃 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊
`;

const CHARACTERS = new Map(pairs(TABLE.trim().split(/\s+/)));
const TONES = { 2: "\u{1F3FB}", 3: "\u{1F3FC}", 4: "\u{1F3FD}", 5: "\u{1F3FE}", 6: "\u{1F3FF}" };
const TONED = /^(.+)::skin-tone-([2-6])$/;

function* pairs(words) {
  for (let at = 0; at < words.length; at += 2) yield [words[at], words[at + 1]];
}

/** The character of `wave` or `wave::skin-tone-3`; undefined where the name is none that we know. */
export function emojiOf(name) {
  const toned = TONED.exec(name);
  if (!toned) return CHARACTERS.get(name);
  const plain = CHARACTERS.get(toned[1]);
  return plain && withTone(plain, TONES[toned[2]]);
}

function withTone(character, tone) {
  const [first, ...rest] = character;
  if (!/\p{Emoji_Modifier_Base}/u.test(first)) return character;
  return first + tone + rest.filter((sign) => sign !== "\uFE0F").join("");
}

/** Every name, for pickers and completion. */
export const emojiNames = () => [...CHARACTERS.keys()];

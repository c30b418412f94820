"""Which emoji names the workspace knows. Slack has thousands; these are the usual ones and any added
to a workspace.
"""

USUAL = """
+1 -1 100 adhesive_bandage airplane alarm_clock ambulance anchor anger angry ant arrow_backward arrow_double_down
arrow_double_up arrow_down arrow_forward arrow_heading_down arrow_heading_up arrow_left arrow_lower_left
arrow_lower_right arrow_right arrow_right_hook arrow_up arrow_up_down arrow_upper_left arrow_upper_right
arrows_clockwise arrows_counterclockwise art atom_symbol axe baby back baggage_claim balloon ballot_box_with_ballot
ballot_box_with_check bangbang bank bar_chart basketball battery bear bee beer beers beginner bell bike biohazard
biohazard_sign bird birthday black_circle black_circle_for_record black_flag black_heart black_large_square
black_medium_square black_nib black_small_square black_square_button black_square_for_stop blue_book blue_circle
blue_heart blush boat bomb book bookmark bookmark_tabs books boom bow brain bricks broken_heart bug
building_construction bulb bus bust_in_silhouette busts_in_silhouette cactus cake calendar call_me_hand calling camera
candle car card_file_box card_index card_index_dividers cat cd chains champagne chart chart_with_downwards_trend
chart_with_upwards_trend checkered_flag children_crossing cinema clap clinking_glasses clipboard clock1 clock10
clock11 clock12 clock2 clock3 clock4 clock5 clock6 clock7 clock8 clock9 closed_book closed_lock_with_key cloud coffee
cold_face cold_sweat compass computer confetti_ball confused construction control_knobs cool copyright credit_card
crescent_moon crossed_fingers crossed_flags crossed_swords crown cry crystal_ball customs dancer dart dash date
deciduous_tree desktop_computer detective disappointed dizzy dna do_not_litter dog dollar door double_vertical_bar
droplet dvd e-mail ear earth_africa earth_americas earth_asia eight electric_plug email end envelope euro
evergreen_tree exclamation exploding_head expressionless eye eyes face_palm face_with_monocle face_with_rolling_eyes
facepunch factory fast_forward fax fearful female-technologist file_cabinet file_folder fire fire_engine
fire_extinguisher firefighter fireworks first_place_medal fish fist five flashlight fleur_de_lis floppy_disk fog
footprints four four_leaf_clover free full_moon game_die gear ghost ghost_face gift globe_with_meridians green_book
green_circle green_heart grey_exclamation grey_question grimacing grin grinning guitar hammer hammer_and_wrench hand
handshake hankey hash headphones hear_no_evil heart heart_eyes heavy_check_mark heavy_division_sign
heavy_exclamation_mark heavy_heart_exclamation_mark_ornament heavy_minus_sign heavy_multiplication_x heavy_plus_sign
helicopter high_brightness hole hospital hot_face hotel hourglass hourglass_flowing_sand house hugging_face id inbox
inbox_tray incoming_envelope infinity information_source interrobang iphone jigsaw joy joystick key keyboard
keycap_star keycap_ten label ladder large_blue_circle large_blue_diamond large_blue_square large_brown_circle
large_green_circle large_green_square large_orange_circle large_orange_diamond large_orange_square large_purple_circle
large_red_circle large_red_square large_yellow_circle large_yellow_square laughing ledger left_right_arrow
left_speech_bubble leftwards_arrow_with_hook level_slider link linked_paperclips lock lock_with_ink_pen loud_sound
loudspeaker low_brightness lower_left_ballpoint_pen lower_left_crayon lower_left_fountain_pen mag mag_right magnet
mailbox mailbox_with_mail male-technologist man mantelpiece_clock maple_leaf medal mega melting_face memo microphone
microscope minidisc mobile_phone_off money_with_wings moneybag mouse movie_camera muscle mushroom mute mute_bell
name_badge negative_squared_cross_mark nerd_face neutral_face new new_moon newspaper newspaper_roll next_track_button
ng nine ninja no_bell no_entry no_entry_sign no_good no_good_sign no_mobile_phones no_pedestrians non-potable_water
nose notebook nut_and_bolt o ocean octagonal_sign octopus office ok ok_hand ok_woman old_key on one open_file_folder
open_hands orange_book orange_circle orange_heart outbox_tray package page_facing_up page_with_curl pager
palms_up_together panda_face paperclip parking partying_face passport_control pencil pencil2 penguin pensive
performing_arts person_in_lotus_position petri_dish phone pick pill pizza point_down point_left point_right point_up
point_up_2 police_car poop postal_horn postbox pray printer punch purple_circle purple_heart pushpin question rabbit
radio radio_button radioactive radioactive_sign rage rain_cloud rainbow rainbow-flag raised_hand raised_hands
raising_hand receipt recycle recycle_sign red_car red_circle registered relieved repeat repeat_one restroom rewind
ribbon robot_face rocket rolled_up_newspaper rolling_on_the_floor_laughing rotating_light round_pushpin running
sadface saluting_face satellite satellite_antenna satisfied scales school scissors scream scroll second_place_medal
see_no_evil seedling seven shield ship shrug signal_strength simple_smile six skull sleeping sleuth_or_spy
slightly_frowning_face slightly_smiling_face small_blue_diamond small_orange_diamond small_red_triangle
small_red_triangle_down smile smiley snail snowflake sob soccer soon sos sound sparkles speak_no_evil speaker
speaking_head_in_silhouette speech_balloon spider spider_web spiral_calendar_pad spiral_note_pad spock-hand star star2
stethoscope stop_sign stopwatch straight_ruler studio_microphone sunglasses sunny superhero sweat sweat_drops
sweat_smile syringe tada technologist telephone_receiver telescope test_tube thermometer thinking thinking_face
third_place_medal thought_balloon thread three three_button_mouse thumbsdown thumbsup thunder_cloud_and_rain ticket
timer_clock tired_face tm tongue toolbox top tornado trackball traffic_light train triangular_flag
triangular_flag_on_post triangular_ruler trident trophy truck turtle tv twisted_rightwards_arrows two two_hearts
umbrella underage unicorn_face unlock up upside_down_face v vertical_traffic_light vibration_mode video_camera volcano
vs walking warning wastebasket watch wave waving_black_flag waving_white_flag wavy_dash weary whale wheelchair
white_check_mark white_circle white_flag white_large_square white_medium_square white_small_square white_square_button
wink woman world_map worried wrench writing_hand x yellow_circle yellow_heart zap zero zipper_mouth_face zombie zzz
"""
NAMES = frozenset(USUAL.split())


def is_known(name: str) -> bool:
    """Also with a skin tone: `wave::skin-tone-3`."""
    return name.split("::skin-tone-", maxsplit=1)[0] in NAMES

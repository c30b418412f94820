"""Which emoji names the workspace knows. Slack has thousands; these are the usual ones and any added
to a workspace.
"""

USUAL = """
+1 -1 100 alarm_clock ambulance arrow_down arrow_left arrow_right arrow_up atom_symbol
ballot_box_with_check bangbang bar_chart battery beer beers bell biohazard black_circle black_flag
blue_circle book bookmark boom brain bug building_construction bulb busts_in_silhouette calendar
chart chart_with_downwards_trend chart_with_upwards_trend checkered_flag clap clipboard clock1
clock10 clock3 cloud coffee computer confused construction crossed_fingers crown cry dart date
desktop_computer dizzy door eight electric_plug email envelope exclamation eyes fast_forward fire
fire_engine fireworks first_place_medal five floppy_disk four gear ghost ghost_face
globe_with_meridians grey_question grimacing hammer hammer_and_wrench hand handshake heart
heavy_check_mark heavy_division_sign heavy_exclamation_mark heavy_minus_sign heavy_plus_sign
hourglass hourglass_flowing_sand inbox_tray incoming_envelope information_source joy key keyboard
keycap_ten label large_blue_circle large_green_circle large_orange_circle large_red_circle
large_yellow_circle leftwards_arrow_with_hook link lock loudspeaker mag mag_right mega memo
microscope money_with_wings muscle mute negative_squared_cross_mark nerd_face newspaper nine
no_entry no_entry_sign o ok ok_hand one open_file_folder orange_circle outbox_tray package
page_facing_up pager paperclip partying_face pencil pencil2 phone pill pizza point_down point_left
point_right point_up poop pray purple_circle pushpin question radioactive rainbow raised_hand
raised_hands recycle red_circle repeat rewind robot_face rocket rotating_light round_pushpin sadface
satellite scales scream scroll seven shield simple_smile six skull sleeping slightly_smiling_face
smile snowflake sos sparkles speaker speech_balloon spiral_calendar_pad spiral_note_pad star star2
stopwatch sunny sweat_smile tada telephone_receiver test_tube thinking thinking_face thought_balloon
thread three thumbsdown thumbsup traffic_light triangular_flag_on_post two umbrella unlock
vertical_traffic_light warning wastebasket wave wavy_dash white_check_mark white_circle white_flag
worried wrench writing_hand x yellow_circle zap zero
"""
NAMES = frozenset(USUAL.split())


def is_known(name: str) -> bool:
    """Also with a skin tone: `wave::skin-tone-3`."""
    return name.split("::skin-tone-", maxsplit=1)[0] in NAMES

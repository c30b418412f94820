"""Which emoji names the workspace knows. Slack has thousands; these are the usual ones and any added to a workspace."""

NAMES = frozenset(
    """
    +1 -1 100 alarm_clock ambulance arrow_down arrow_left arrow_right arrow_up ballot_box_with_check bangbang bell
    black_circle blue_circle book bookmark boom brain bug building_construction bulb busts_in_silhouette calendar
    chart_with_downwards_trend chart_with_upwards_trend clap clipboard clock1 clock10 clock3 coffee construction
    crossed_fingers crown dart dizzy door eyes exclamation fast_forward fire fire_engine fireworks first_place_medal
    floppy_disk gear ghost ghost_face globe_with_meridians grey_question grimacing hammer hammer_and_wrench heart
    heavy_check_mark heavy_plus_sign hourglass hourglass_flowing_sand information_source joy key label
    large_blue_circle large_green_circle large_orange_circle large_red_circle large_yellow_circle leftwards_arrow_with_hook link lock loudspeaker mag
    mag_right mega memo microscope muscle mute newspaper no_entry no_entry_sign ok ok_hand one open_file_folder
    orange_circle package page_facing_up pager paperclip pencil pencil2 phone pill point_right pray purple_circle
    pushpin question raised_hand raised_hands red_circle repeat rewind robot_face rocket rotating_light
    round_pushpin sadface scales scroll shield simple_smile sleeping slightly_smiling_face smile sos
    sparkles speaker speech_balloon spiral_note_pad stopwatch sweat_smile tada telephone_receiver test_tube
    thinking_face thought_balloon thumbsdown thumbsup traffic_light triangular_flag_on_post two unlock
    vertical_traffic_light warning wastebasket wave wavy_dash white_check_mark white_circle wrench writing_hand x
    yellow_circle zap three four five six seven eight nine zero keycap_ten
    """.split()
)


def is_known(name: str) -> bool:
    """Also with a skin tone: `wave::skin-tone-3`."""
    return name.split("::skin-tone-")[0] in NAMES

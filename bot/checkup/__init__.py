"""`muster check`: is everything here that Muster needs, and if not, what to do about it?"""

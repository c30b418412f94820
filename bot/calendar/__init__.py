"""Appointments as iCalendar files. Pure: it sends nothing and knows no incident."""

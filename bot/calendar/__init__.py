"""Appointments as iCalendar files, and the review as an appointment. Pure: it sends nothing."""

"""Opening hours at a moment, over a reference week, and what is not known of them.

A weekday and hour belong to no date: no public holiday and no month. Hours that differ by season
are then known only where all seasons agree; hours that name years are those of the year from this
week on; the sun rises and sets as it does at the place, over the year. A date has its month and the
holidays of its country; of a country that makes further days free each year, the days around a
holiday are not known. Hours of weekdays that do not name holidays (``PH``) say nothing of one.
"""

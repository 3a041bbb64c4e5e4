-- What share of a slot's growth was lost to entries that began anew or were evicted, 0 to 1; null where none was or
-- nothing is known of it (slots written before, or by processes of the version before). A new column without a default
-- on empty-handed parents: milliseconds, whatever their size.
ALTER TABLE history.object_slot_raw ADD COLUMN lost_share real;
--> statement-breakpoint
ALTER TABLE history.object_slot_hour ADD COLUMN lost_share real;

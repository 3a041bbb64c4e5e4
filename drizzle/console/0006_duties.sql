-- The last round of a duty that failed, beside its last one that went well (history.heartbeat): whichever is later
-- counts. A table of its own, because processes of the version before read heartbeats that always have a time.
CREATE TABLE history.duty_failure (
  duty text NOT NULL,
  target text NOT NULL,
  at timestamptz NOT NULL,
  -- The first failure since a round went well.
  since timestamptz NOT NULL,
  error_code text NOT NULL,
  error_message text NOT NULL,
  PRIMARY KEY (duty, target)
) WITH (fillfactor = 50);

-- Objects of tables and partitions are kept under their names as SQL writes them: public."Mixed" and "a.b".c, so that no
-- two relations share a key. A key with more than one dot may have been either of two relations: it stays, and is
-- forgotten with the rest after 31 days. One UPDATE of at most some thousand rows, by their unique index; a version that
-- still runs beside this begins such objects anew.
UPDATE history.object o
SET key = quoted.key
FROM history.object was
JOIN history.sampler s ON s.id = was.sampler_id AND s.name IN ('partitions', 'tables')
CROSS JOIN LATERAL (
  SELECT quote_ident(split_part(was.key, '.', 1)) || '.' || quote_ident(split_part(was.key, '.', 2)) AS key
) AS quoted
WHERE o.id = was.id AND was.key ~ '^[^.]+\.[^.]+$' AND quoted.key <> was.key
  AND NOT EXISTS (SELECT FROM history.object taken
                  WHERE taken.target_id = was.target_id AND taken.sampler_id = was.sampler_id AND taken.key = quoted.key);

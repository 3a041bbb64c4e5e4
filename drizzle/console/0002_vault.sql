-- Keys of the people in audit events. They stand here and not beside the events: years-old backups and archives
-- of the audit database hold ciphertext only, and destroying a key reaches all of them.
CREATE SCHEMA vault;
--> statement-breakpoint
CREATE TABLE vault.master_key (
  id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('active', 'retiring', 'destroyed')),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Set when everything was wrapped anew under another key; this one is destroyed then.
  destroy_after timestamptz,
  destroyed_at timestamptz,
  CONSTRAINT master_key_destroyed CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX master_key_active ON vault.master_key (state) WHERE state = 'active';
--> statement-breakpoint
CREATE TABLE vault.subject (
  token text PRIMARY KEY,
  key_id bytea NOT NULL UNIQUE CHECK (length(key_id) = 16),
  -- erasing: marked, no process may use the key any more; it is destroyed once none can have it in memory.
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'erasing', 'erased')),
  -- Null once erased: no key, no way back.
  wrapped_key bytea,
  master_key_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  erasing_at timestamptz,
  erased_at timestamptz,
  CONSTRAINT subject_key CHECK ((state = 'erased') = (wrapped_key IS NULL AND master_key_id IS NULL)),
  CONSTRAINT subject_erasing CHECK ((state = 'active') = (erasing_at IS NULL)),
  CONSTRAINT subject_erased CHECK ((state = 'erased') = (erased_at IS NOT NULL))
);
--> statement-breakpoint
CREATE INDEX subject_master_key ON vault.subject (master_key_id) WHERE wrapped_key IS NOT NULL;
--> statement-breakpoint
-- HMAC of a person's id under a key that only the master key opens: a copy of this table names nobody.
CREATE TABLE vault.blind_index (
  blind_index bytea PRIMARY KEY CHECK (length(blind_index) = 32),
  token text NOT NULL REFERENCES vault.subject ON DELETE CASCADE
);
--> statement-breakpoint
CREATE INDEX blind_index_token ON vault.blind_index (token);
--> statement-breakpoint
CREATE TABLE vault.index_key (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  wrapped_key bytea NOT NULL,
  master_key_id text NOT NULL
);

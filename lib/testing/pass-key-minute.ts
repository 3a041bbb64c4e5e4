import type { Sql } from "postgres";

/**
 * From now on the minute in which processes may use a marked key has passed in a console's database when a key is marked;
 * whoever destroys it is the product as it is. @returns what ends that
 */
export async function passKeyMinute(sql: Sql): Promise<() => Promise<void>> {
  await sql.unsafe(`
    create function pass_minute() returns trigger language plpgsql as $$
      begin new.erasing_at := new.erasing_at - interval '1 minute'; return new; end $$;
    create trigger pass_minute before update on vault.subject_key for each row
      when (new.state = 'erasing' and old.state <> 'erasing') execute function pass_minute()`);
  return async () => {
    await sql.unsafe("drop trigger pass_minute on vault.subject_key; drop function pass_minute()");
  };
}

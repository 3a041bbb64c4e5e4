import postgres from "postgres";
import { expect } from "vitest";

/**
 * Leaves a partition half detached, as a person does who cancels `DETACH PARTITION … CONCURRENTLY` while it waits for a reader.
 * @param url of the database, as a superuser
 * @param parent its schema and name, which the statement names by the schema alone or not at all
 */
export async function breakOff(url: string, statement: string, parent: string): Promise<void> {
  const [session, reader] = [0, 1].map(() => postgres(url, { max: 1, onnotice: () => {} })) as [
    postgres.Sql,
    postgres.Sql,
  ];
  const pending = () =>
    session`select from pg_inherits where inhdetachpending and inhparent = to_regclass(${parent})`;
  await session.unsafe(`set search_path to ${parent.split(".")[0]}, public; set role audit_maintainer`);
  await reader.begin("isolation level repeatable read", async (transaction) => {
    await transaction.unsafe(`select from ${parent}`);
    // On busy cores it is cancelled before it has begun.
    for (let ms = 100; (await pending()).length === 0; ms *= 2) {
      await session.unsafe(`set statement_timeout = ${ms}`);
      await expect(session.unsafe(statement)).rejects.toMatchObject({ code: "57014" });
      await session.unsafe("reset statement_timeout");
    }
  });
  await Promise.all([session.end(), reader.end()]);
}

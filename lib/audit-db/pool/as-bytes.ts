import type { Sql } from "postgres";
import { sqlStateOf } from "../../sql-state.ts";

/** The server cannot write a text in our encoding: untranslatable, or no valid text of its own to begin with. */
const unwritable = new Set(["22021", "22P05"]);

/**
 * What `run` answers; where the server refused to write one of the texts as UTF-8, once more with texts as their bytes
 * are, of which the driver reads what is UTF-8 and puts � for the rest. A database whose encoding is SQL_ASCII holds
 * anything, and one bad text would cost every row beside it. The usual way costs nothing; a database in UTF8 is not asked
 * twice, because it writes its texts as they are.
 * @param run only reads
 */
export async function readAsBytesIfNeeded<T>(sql: Sql, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (!unwritable.has(sqlStateOf(thrown) ?? "") || encodingOf(sql) === "UTF8") throw thrown;
    await sql`set client_encoding = 'SQL_ASCII'`;
    const answer = await run().catch(async (again) => {
      await restore(sql);
      throw again;
    });
    await restore(sql);
    return answer;
  }
}

async function restore(sql: Sql): Promise<void> {
  await sql`set client_encoding = 'UTF8'`;
}

function encodingOf(sql: Sql): string | undefined {
  return (sql.parameters as unknown as Record<string, string>).server_encoding;
}

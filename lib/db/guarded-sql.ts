import type { Sql } from "postgres";
import type { Address } from "../address/types.ts";
import { type ClientOptions, openClient } from "../audit-db/pool/open-client.ts";
import type { ConsoleConnection, Statement } from "./connection.ts";
import type { ConsolePool } from "./pool.ts";
import { isPrepared } from "./prepared-texts.ts";

/** What the driver's client offers and the console uses, each statement on a connection of the pool. */
export interface GuardedSql {
  sql: Sql;
  end(): Promise<void>;
}

type Work = (tx: Sql) => unknown;

/**
 * The driver's client with its own way of writing statements (fragments, lists, JSON) and our way of running them.
 * Its statements carry whom they are handed to once somebody awaits them: the pool takes that place. `listen` keeps
 * the driver's own connection, which it opens anew by itself.
 */
export function guardSql(writer: Sql, pool: ConsolePool): GuardedSql {
  const sql = runWith(writer, (statement) => {
    const { resolve, reject } = statement;
    pool
      .use((connection) => pool.run(connection, statement))
      .then(resolve.bind(statement), reject.bind(statement));
  });
  const end = async () => {
    await Promise.all([pool.close(), writer.end({ timeout: 1 })]);
  };
  return {
    sql: new Proxy(sql, {
      get: (target, key) => {
        if (key === "begin") return begin;
        if (key === "end") return end;
        return Reflect.get(target, key);
      },
    }),
    end,
  };

  function begin(mode: string | Work, work?: Work): Promise<unknown> {
    const run = work ?? (mode as Work);
    const begin = typeof mode === "string" ? `begin ${mode.replace(/[^a-z ]/gi, "")}` : "begin";
    return pool.use((connection) => transact(connection, begin, run));
  }

  /**
   * As the driver's, but nothing is sent once the connection is lost, nor once the transaction has ended: what still asks
   * then, beside a statement that failed, would be carried out without one.
   */
  async function transact(connection: ConsoleConnection, begin: string, work: Work): Promise<unknown> {
    const plain = (text: string) => pool.run(connection, writer.unsafe(text) as unknown as Statement);
    let failed: { thrown: unknown } | undefined;
    let ended = false;
    const tx = runWith(writer, (statement) => {
      const { resolve, reject } = statement;
      if (ended) return reject.call(statement, new Error("the transaction has ended"));
      pool.run(connection, statement).then(resolve.bind(statement), (thrown) => {
        failed ??= { thrown };
        reject.call(statement, thrown);
      });
    });
    await plain(begin);
    try {
      const result = await settled(work(tx));
      // A failure that was caught has ended the transaction all the same: COMMIT would say so to nobody.
      if (failed) throw failed.thrown;
      ended = true;
      await plain("commit");
      return result;
    } catch (thrown) {
      ended = true;
      if (!connection.lost) await plain("rollback").catch(() => connection.destroy());
      throw thrown;
    }
  }
}

/** A client of the driver that never connects: it writes the statements. */
export function openWriter(address: Address, settings: ClientOptions): Sql {
  return openClient(address, "console", { ...settings, max: 1 });
}

function runWith(writer: Sql, run: (statement: Statement) => void): Sql {
  const taken = (made: unknown) =>
    made instanceof Promise && "handler" in made ? Object.assign(made, { handler: run }) : made;
  return new Proxy(writer, {
    apply: (target, self, parts) => taken(Reflect.apply(target, self, parts)),
    get: (target, key) => {
      if (key !== "unsafe") return Reflect.get(target, key);
      // Drizzle asks all it asks this way, and names nothing.
      return (...[text, values = [], how]: Parameters<Sql["unsafe"]>) =>
        taken(target.unsafe(text, values, isPrepared(text, values.length) ? { ...how, prepare: true } : how));
    },
  });
}

function settled(result: unknown): unknown {
  return Array.isArray(result) ? Promise.all(result) : result;
}

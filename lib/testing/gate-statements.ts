import type { Sql } from "postgres";

/** Asked at each place where a process may die: before a statement that changes something, and once it was answered. */
export interface Gate {
  pass(place: string): Promise<void>;
  /** A statement was refused: it may be tried again. */
  refused(): void;
}

/** What changes nothing: looks, settings, a lock that is taken for a moment. Asked again after a crash it is the same. */
const changesNothing =
  /^\s*(?:select(?!.*\brun_maintenance\b)|show|rollback|savepoint|set (?!local\b)|set local [^;]*(?:;\s*lock table [^;]*)?$)/is;

/**
 * A client whose raw statements pass a gate. Within a transaction only what comes before each, and before and after its
 * end: what dies between two of its statements has changed nothing, wherever between them.
 */
export function gateStatements(sql: Sql, gate: Gate): Sql {
  return gated(sql, gate, false);
}

function gated(sql: Sql, gate: Gate, within: boolean): Sql {
  return new Proxy(sql, {
    get(target, property, receiver) {
      if (property === "unsafe")
        return async (text: string, ...rest: []) => {
          if (changesNothing.test(text)) return target.unsafe(text, ...rest);
          await gate.pass(`before ${text}`);
          const answer = await target.unsafe(text, ...rest).catch((thrown: unknown) => {
            gate.refused();
            throw thrown;
          });
          if (!within) await gate.pass(`after ${text}`);
          return answer;
        };
      if (property === "begin")
        return async (...args: unknown[]) => {
          const run = args.pop() as (inner: Sql) => Promise<unknown>;
          const begin = target.begin as unknown as (...given: unknown[]) => Promise<unknown>;
          const answer = await begin(...args, async (inner: Sql) => {
            const inside = await run(gated(inner, gate, true));
            await gate.pass("before COMMIT");
            return inside;
          });
          await gate.pass("after COMMIT");
          return answer;
        };
      return Reflect.get(target, property, receiver);
    },
  });
}

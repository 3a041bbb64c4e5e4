import type { Sql } from "postgres";
import type { Observed } from "../../result.ts";
import { createExecutor, type ExecutorOptions } from "../cache/executor.ts";
import type { ReadStatement } from "../types.ts";
import type { Node } from "./node.ts";
import type { ReadPlace, RouteOptions } from "./types.ts";

type Answer<T> = { data: T } & ReadPlace;

export interface RoutedExecutorOptions extends Omit<ExecutorOptions, "execute"> {
  answer<T>(
    statement: ReadStatement<T>,
    options: RouteOptions,
    run: (sql: Sql, node: Node) => Promise<T>,
  ): Promise<Answer<T>>;
}

/**
 * The cached executor for reads that name a route: answers of different routes never stand for each other, and each
 * says which node gave it.
 */
export function createRoutedExecutor(
  options: RoutedExecutorOptions,
): <T>(statement: ReadStatement<T>) => Promise<Observed<T>> {
  const execute = createExecutor({
    ...options,
    // The statements given below all answer an `Answer`, as their type says.
    execute: <T>(statement: ReadStatement<T>) =>
      // On the lease in hand: a second one could wait for it in vain.
      options.answer(statement, statement, async (sql, node) =>
        statement.run(sql, await node.facts((_purpose, _name, run) => run(sql))),
      ) as Promise<T>,
  });
  return async <T>(statement: ReadStatement<T>) => {
    const { route = "primary", node = null, maxStalenessMs = null, afterLsn = null } = statement;
    const { data: answer, ...observed } = await execute<Answer<T>>({
      ...(statement as unknown as ReadStatement<Answer<T>>),
      key: [...(statement.key ?? []), "route", route, node, maxStalenessMs, afterLsn],
    });
    // An answer from the cache during an outage says so itself.
    return { ...answer, ...observed, data: answer.data };
  };
}

import type { ReadStatement } from "../types.ts";
import { cacheKey } from "./cache-key.ts";
import { codecVersion } from "./codec.ts";
import { countStatements, type StatementCounts } from "./count-statements.ts";
import { createCacheStore } from "./store.ts";
import {
  type CacheEntry,
  type CacheLimits,
  type CacheStats,
  type Drop,
  type DropChannel,
  everything,
  type SharedCache,
  type SharedContents,
} from "./types.ts";

export interface AnswerCacheOptions {
  target: string;
  /** As whom and where this engine reads: engines with other eyes share no answers. */
  scope: string;
  limits: CacheLimits;
  shared?: SharedCache | undefined;
  /** How drops reach other processes where there is no second level. */
  drops?: DropChannel | undefined;
}

/** A run on the server that others may join. */
interface Underway {
  answer: Promise<CacheEntry>;
  tags: readonly string[];
  /** Something it may have read has changed since it began: whoever waits gets it, nobody later. */
  dropped: boolean;
}

/** Answers of one target, in this process and with others. */
export interface AnswerCache {
  readonly target: string;
  readonly shared: SharedCache | undefined;
  readonly counts: StatementCounts;
  keyOf(statement: ReadStatement<unknown>): string;
  known(key: string): CacheEntry | undefined;
  keep(key: string, statement: ReadStatement<unknown>, entry: CacheEntry): void;
  /** Runs, or joins the run under way: one execution a key at a time however many ask. */
  once(
    key: string,
    statement: ReadStatement<unknown>,
    run: (stillTrue: () => boolean) => Promise<CacheEntry>,
  ): Promise<CacheEntry>;
  /** Here at once, then everywhere. @throws when other processes could not be told */
  drop(what: Omit<Drop, "target">): Promise<void>;
  /** Here alone, all of it. @returns how many answers it held */
  forgetAll(): number;
  contents(): Promise<SharedContents | undefined>;
  stats(): CacheStats;
  close(): void;
}

/** Both levels of one target's answers, and what keeps them true. */
export function createAnswerCache(options: AnswerCacheOptions): AnswerCache {
  const { target, shared } = options;
  const store = createCacheStore(options.limits);
  const underway = new Map<string, Underway>();
  const counts = countStatements();
  const channel = shared ?? options.drops;
  const scope = `${codecVersion}/${options.scope}`;

  function forget(drop: Drop): void {
    if (drop.target !== target) return;
    const all = drop.tags?.includes(everything);
    if (drop.tags) store.dropTags(all ? undefined : drop.tags);
    for (const key of drop.keys ?? []) store.dropKey(key);
    for (const [key, run] of underway) {
      const concerned = all || drop.keys?.includes(key) || run.tags.some((tag) => drop.tags?.includes(tag));
      if (!concerned) continue;
      run.dropped = true;
      // Whoever asks from now on must not get what may have been read before.
      underway.delete(key);
    }
  }

  const unlisten = channel?.listen(forget);

  return {
    target,
    shared,
    counts,
    keyOf: (statement) => cacheKey(target, scope, statement.name, statement.key ?? []),
    known: (key) => store.get(key),
    keep: (key, statement, entry) => store.set(key, entry, statement.name, tagsOf(statement)),
    once(key, statement, run) {
      const running = underway.get(key);
      if (running) {
        counts.add(statement.name, "joined");
        return running.answer;
      }
      const entered: Underway = { answer: undefined as never, tags: tagsOf(statement), dropped: false };
      underway.set(key, entered);
      entered.answer = run(() => !entered.dropped).finally(() => {
        if (underway.get(key) === entered) underway.delete(key);
      });
      return entered.answer;
    },
    async drop(what) {
      const drop = { target, ...what };
      forget(drop);
      await channel?.publish(drop);
    },
    forgetAll() {
      const { entries } = store.stats();
      forget({ target, tags: [everything] });
      return entries;
    },
    contents: async () => shared?.contents(target),
    stats: () => ({
      ...counts.totals(),
      ...store.stats(),
      statements: counts.statements(store.held()),
      shared: shared?.stats() ?? null,
    }),
    close() {
      unlisten?.();
      store.dropTags(undefined);
    },
  };
}

/** What an answer can be dropped by: its statement, its topic, and what the statement says besides. */
export function tagsOf(statement: Pick<ReadStatement<unknown>, "name" | "tags">): string[] {
  const topic = statement.name.split(".", 1)[0] ?? "";
  return [statement.name, topic, ...(statement.tags ?? [])];
}

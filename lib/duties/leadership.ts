import type { Sql } from "postgres";
import { openClient } from "../audit-db/pool/open-client.ts";
import type { Logger } from "../log/log.ts";

/**
 * Leadership by advisory lock in the console database, one dedicated direct connection a process.
 *
 * - The lock decides. It is the session's: when the process or its host dies, the server frees it (at once when
 *   the socket closes, after about 10 s of unanswered keepalives otherwise).
 * - A leader that *hangs* keeps its socket, so it also holds a lease, renewed every 2 s on the same connection.
 *   A follower that finds the lock held and the lease older than 10 s (by the database's clock) terminates that
 *   session, and the lock is free.
 * - A leader whose renewals fail or stay unanswered for 8 s gives up by itself: its signal aborts.
 * - None of this fences writes already under way; they are idempotent (samples are unique on their slot).
 *
 * A dead leader is so replaced within 2 s, an unreachable or hanging one within 15 s.
 */
export interface Leadership {
  /** Runs `duty` on `target` whenever this process leads it, until `stop`. `run` ends when its signal aborts. */
  lead(duty: string, target: string, run: (signal: AbortSignal) => Promise<void>): void;
  /** Ends every duty led and frees the locks. */
  stop(): Promise<void>;
}

interface Duty {
  duty: string;
  target: string;
  run: (signal: AbortSignal) => Promise<void>;
  leading?: { abort: AbortController; ended: Promise<void> };
}

export interface LeadershipTiming {
  /** How often a lease is renewed, and a duty of others asked for. */
  tickMs: number;
  giveUpMs: number;
  leaseSeconds: number;
}

export const usualTiming: LeadershipTiming = { tickMs: 2_000, giveUpMs: 8_000, leaseSeconds: 10 };

export function createLeadership(options: {
  url: string;
  holder: string;
  logger: Logger;
  timing?: LeadershipTiming;
}): Leadership {
  const { holder, logger } = options;
  const { tickMs, giveUpMs, leaseSeconds } = options.timing ?? usualTiming;
  const duties: Duty[] = [];
  let connection: { sql: Sql; pid: number } | undefined;
  let opening: Sql | undefined;
  let renewedAt = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> | undefined;

  async function connected(): Promise<{ sql: Sql; pid: number }> {
    if (connection) return connection;
    const sql = openClient(options.url, "console", {
      max: 1,
      connect_timeout: 5,
      // Reconnecting by itself would hide that the locks are gone.
      max_lifetime: null,
      backoff: false,
      onclose: () => {
        if (connection?.sql === sql) lose("the connection closed");
      },
      connection: {
        application_name: "audit-db-dashboard leadership",
        statement_timeout: 5_000,
        tcp_keepalives_idle: 4,
        tcp_keepalives_interval: 2,
        tcp_keepalives_count: 3,
      },
    });
    opening = sql;
    try {
      const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      connection = { sql, pid: row?.pid ?? 0 };
      renewedAt = Date.now();
      return connection;
    } catch (error) {
      void sql.end({ timeout: 0 });
      throw error;
    } finally {
      opening = undefined;
    }
  }

  function lose(reason: string): void {
    const lost = connection;
    connection = undefined;
    // A server that froze while we connected never answers either.
    void (lost?.sql ?? opening)?.end({ timeout: 0 }).catch(() => {});
    const led = duties.filter(({ leading }) => leading && !leading.abort.signal.aborted);
    if (led.length > 0)
      logger.info({ duties: led.map(({ duty, target }) => `${duty}:${target}`), reason }, "leadership lost");
    for (const { leading } of led) leading?.abort.abort();
  }

  /** Whether all the duties we lead are still ours, and notes that we live. */
  async function renew(sql: Sql, pid: number): Promise<boolean> {
    const led = duties.filter((duty) => duty.leading && !duty.leading.abort.signal.aborted);
    if (led.length === 0) return true;
    const rows = await sql`
      update history.leader set renewed_at = clock_timestamp()
      where holder = ${holder} and backend_pid = ${pid} and pg_backend_pid() = ${pid}
      returning 1`;
    return rows.length >= led.length;
  }

  async function tryToLead(sql: Sql, pid: number, duty: Duty): Promise<void> {
    const key = `${duty.duty}:${duty.target}`;
    const [row] = await sql<{ locked: boolean }[]>`
      select pg_try_advisory_lock(hashtextextended(${key}, 0)) as locked`;
    if (!row?.locked) {
      await unmaskHung(sql, duty, key);
      return;
    }
    await sql`
      insert into history.leader (duty, target, holder, backend_pid, since, renewed_at)
      values (${duty.duty}, ${duty.target}, ${holder}, ${pid}, clock_timestamp(), clock_timestamp())
      on conflict (duty, target) do update
        set holder = excluded.holder, backend_pid = excluded.backend_pid,
            since = excluded.since, renewed_at = excluded.renewed_at`;
    const abort = new AbortController();
    logger.info({ duty: duty.duty, target: duty.target }, "leading");
    const ended = duty
      .run(abort.signal)
      .catch((err: unknown) => logger.error({ err, duty: duty.duty, target: duty.target }, "duty failed"))
      .finally(() => {
        delete duty.leading;
        if (connection?.pid !== pid || connection.sql !== sql) return;
        return sql`select pg_advisory_unlock(hashtextextended(${key}, 0))`.then(
          () => {},
          () => {},
        );
      });
    duty.leading = { abort, ended };
  }

  /** Ends the session of a leader that holds the lock and no longer renews its lease. */
  async function unmaskHung(sql: Sql, duty: Duty, key: string): Promise<void> {
    const rows = await sql<{ pid: number; ended: boolean }[]>`
      select l.pid, pg_terminate_backend(l.pid) as ended
      from pg_locks l
      join history.leader h on h.backend_pid = l.pid and h.duty = ${duty.duty} and h.target = ${duty.target}
      where l.locktype = 'advisory' and l.granted and l.objsubid = 1
        and l.database = (select oid from pg_database where datname = current_database())
        and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(${key}, 0)
        and h.renewed_at < clock_timestamp() - make_interval(secs => ${leaseSeconds})`;
    for (const { pid } of rows)
      logger.warn({ duty: duty.duty, target: duty.target, pid }, "ended the session of a leader that hung");
  }

  async function tick(): Promise<void> {
    try {
      const { sql, pid } = await connected();
      if (!(await renew(sql, pid))) {
        lose("the lease is no longer ours");
        return;
      }
      renewedAt = Date.now();
      for (const duty of duties) {
        if (!duty.leading && !stopped) await tryToLead(sql, pid, duty);
      }
      renewedAt = Date.now();
    } catch (err) {
      logger.debug({ err }, "the console database does not answer the leadership connection");
      lose("the console database does not answer");
    }
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      // Without a connection there is nothing to renew: an attempt has its whole time, however long the outage was.
      const silentMs = connection ? Date.now() - renewedAt : 0;
      const unanswered = setTimeout(() => lose("renewals stay unanswered"), Math.max(0, giveUpMs - silentMs));
      ticking = tick().finally(() => {
        clearTimeout(unanswered);
        ticking = undefined;
        schedule();
      });
    }, tickMs);
  }

  function begin(): void {
    if (timer || ticking || stopped) return;
    ticking = tick().finally(() => {
      ticking = undefined;
      schedule();
    });
  }

  return {
    lead(duty, target, run) {
      duties.push({ duty, target, run });
      queueMicrotask(begin);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await ticking;
      const led = duties.flatMap((duty) => duty.leading ?? []);
      for (const { abort } of led) abort.abort();
      await Promise.all(led.map(({ ended }) => ended));
      const open = connection;
      connection = undefined;
      await open?.sql.end({ timeout: 1 });
    },
  };
}

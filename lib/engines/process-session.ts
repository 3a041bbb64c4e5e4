import type { Sql } from "postgres";
import { openClient } from "../audit-db/pool/open-client.ts";

const againMs = 1_000;
/** For as long as a process may keep an answer: a host that is cut off is not taken for gone before what it held has ended. */
const cutOff = { tcp_keepalives_idle: 60, tcp_keepalives_interval: 60, tcp_keepalives_count: 9 };

/** What a process is called, as people know it. */
export interface ProcessName {
  /** web, worker or demo */
  kind: string;
  host: string;
  pid: number;
}

/** A session with the console's database, by which a process is known to be there: it ends with the process, and not before. */
export interface ProcessSession {
  /** Process id of its newest backend; null before the first. */
  backend(): number | null;
  stop(): Promise<void>;
}

export interface ProcessSessionOptions {
  name: ProcessName;
  channel: string;
  onMessage(text: string): void;
  /** It was away: what was said meanwhile is lost. Told when it is lost, and when it listens again. */
  onMissed(): void;
  onError(thrown: unknown): void;
}

/** Listens on a session of its own, which is named after the process and opened anew whenever it is lost. */
export function holdProcessSession(url: string, options: ProcessSessionOptions): ProcessSession {
  const { name, channel, onMessage, onMissed, onError } = options;
  let held: Sql | undefined;
  let backend: number | null = null;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  function begin(): void {
    const hears: object = { onnotify: (_channel: string, text: string) => onMessage(text) };
    const sql = openClient(url, "console", {
      ...{ max: 1, fetch_types: false, connect_timeout: 10 },
      // Reconnecting by itself would hide that something was missed.
      ...{ idle_timeout: null as never, max_lifetime: null, backoff: false },
      ...hears,
      onclose: () => lose(sql),
      connection: { application_name: sessionName(name), statement_timeout: 10_000, ...cutOff },
    });
    held = sql;
    void listen(sql).catch((thrown: unknown) => {
      if (!stopped) onError(thrown);
      lose(sql);
    });
  }

  async function listen(sql: Sql): Promise<void> {
    await sql`listen ${sql(channel)}`;
    const [row] = await sql<{ backend: number }[]>`select pg_backend_pid() as backend`;
    if (held !== sql || !row) return;
    backend = row.backend;
    onMissed();
  }

  function lose(sql: Sql): void {
    if (held !== sql) return;
    held = undefined;
    void sql.end({ timeout: 0 }).catch(() => {});
    if (stopped) return;
    onMissed();
    retry = setTimeout(begin, againMs).unref();
  }

  begin();
  return {
    backend: () => backend,
    async stop() {
      stopped = true;
      clearTimeout(retry);
      const open = held;
      held = undefined;
      await open?.end({ timeout: 1 }).catch(() => {});
    },
  };
}

/** The server cuts it off after 63 bytes. */
const sessionName = ({ kind, pid, host }: ProcessName) => `audit-db-dashboard ${kind} ${pid} ${host}`;

export interface ListedSession extends ProcessName {
  backend: number;
  since: Date;
}

/** Every process that has a session with the console's database, also one that is frozen. */
export async function listProcessSessions(sql: Sql): Promise<ListedSession[]> {
  const rows = await sql<{ backend: number; name: string; since: Date }[]>`
    select pid as backend, application_name as name, backend_start as since from pg_stat_activity
    where datname = current_database() and application_name ~ '^audit-db-dashboard [a-z]+ [0-9]+ .'
    order by backend_start, pid`;
  return rows.map(({ backend, name, since }) => {
    const [, kind = "", pid = "", ...host] = name.split(" ");
    return { backend, since, kind, pid: Number(pid), host: host.join(" ") };
  });
}

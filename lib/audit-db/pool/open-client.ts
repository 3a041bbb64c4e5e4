import postgres, { type Options, type Sql } from "postgres";
import { passwordFor } from "../../address/password-file.ts";
import type { Address, Host } from "../../address/types.ts";
import type { Dialed } from "./dial.ts";
import { createDialer, type Dialer, failedSocket } from "./dialer.ts";
import { parsers, refuseUnwritable, serializers, unwritable } from "./driver-values.ts";
import type { Look } from "./find-way.ts";
import { type SessionUse, startupSettings } from "./session-settings.ts";
import { understand } from "./understand.ts";

export interface ClientOptions extends Omit<Options<Record<string, never>>, "types" | "transform"> {
  /** Sends nothing but what every PgBouncer takes; the session must then be looked at (`checkSession`). */
  throughPooler?: boolean;
  /** It opens one socket and no second one after it: what comes later fails. */
  once?: boolean;
}

const clients = new WeakMap<Sql, Dialer>();

/**
 * Opens a driver client, the only place that does: its sessions have the settings of `use` whatever the role, the
 * database or the address says, and a value that cannot be written or read fails its own statement alone.
 * @param to an address, or the URL of one
 * @param options.connection what this client wants beyond those settings: its name and its limits
 * @throws AppError BAD_INPUT for a URL that is no address
 */
export function openClient(to: string | Address, use: SessionUse, options: ClientOptions): Sql {
  const { throughPooler = false, connection, ...driver } = options;
  const address = understand(to);
  const settings = { ...startupSettings(use), ...connection };
  return open(address, driver, {
    ...(address.options !== undefined && { options: address.options }),
    ...Object.fromEntries(
      Object.entries(settings).filter(([name]) => !throughPooler || keptByPoolers.has(name)),
    ),
  });
}

/** A client for what is no PostgreSQL session and takes no settings: PgBouncer's admin console. */
export function openPlainClient(to: string | Address, options: ClientOptions): Sql {
  const { connection, throughPooler: _, ...driver } = options;
  return open(understand(to), driver, { ...connection });
}

/** Where the newest socket of a client leads; undefined before one. */
export function hostOf(client: Sql): Host | undefined {
  return clients.get(client)?.host();
}

/** Ends every socket of a client at once, also one that is being opened: a hung server never answers a polite end. */
export function destroySockets(client: Sql): void {
  clients.get(client)?.close();
}

/** Signs in without a setting of ours and looks at what `target_session_attrs` asks for. */
export async function lookAt(address: Address, { socket, host }: Dialed): Promise<Look> {
  const sql = drive(
    address,
    () => socket,
    { max: 1, fetch_types: false, connect_timeout: 5 },
    () => passwordFor(address, host),
    {
      application_name: "audit-db-dashboard look",
      ...(address.options !== undefined && { options: address.options }),
    },
  );
  try {
    if (address.targetSessionAttrs === "any") {
      // PgBouncer's console knows no SELECT; whoever is answered has signed in.
      await sql.unsafe("select 1").simple().catch(throwFatal);
      return { inRecovery: false, readOnly: false };
    }
    const [row] = await sql.unsafe<Look[]>(
      `select pg_catalog.pg_is_in_recovery() as "inRecovery", current_setting('transaction_read_only') = 'on' as "readOnly"`,
    );
    return row as Look;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function throwFatal(thrown: { severity?: string }): void {
  if (thrown.severity !== "ERROR") throw thrown;
}

function open(address: Address, driver: ClientOptions, packet: Record<string, unknown>): Sql {
  const { once = false, ...options } = driver;
  const seconds = typeof options.connect_timeout === "number" ? options.connect_timeout : 30;
  const dialer = createDialer(address, seconds * 1_000, (dialed) => lookAt(address, dialed));
  let sockets = 0;
  const socket = () => (once && sockets++ > 0 ? failedSocket(connectionClosed()) : dialer.socket());
  const client = drive(address, socket, options, dialer.password, packet);
  Object.assign(client.options.parsers, parsers);
  client.options.serializers = refuseUnwritable(Object.assign(client.options.serializers, serializers));
  clients.set(client, dialer);
  const end = client.end;
  client.end = async (how) => {
    // What is still being opened would sign in after the end.
    if (how?.timeout === 0) dialer.close();
    await end(how);
    dialer.close();
  };
  return client;
}

/**
 * The driver gets sockets that are open and encrypted already, and no chance to read an address or the environment: it
 * knows fewer parameters than libpq, and gives some of them another meaning.
 */
function drive(
  address: Address,
  socket: () => Promise<unknown> | unknown,
  driver: ClientOptions,
  pass: () => string,
  packet: Record<string, unknown>,
): Sql {
  const [{ host, port }] = address.hosts;
  const client = postgres({
    onnotice: () => {},
    connect_timeout: 30,
    ...driver,
    host: [host],
    port: [port],
    database: address.database,
    user: address.user,
    pass,
    ssl: false,
    sslnegotiation: null,
    keep_alive: null,
    target_session_attrs: null,
    socket,
    transform: { undefined: unwritable },
  } as unknown as Options<Record<string, never>>) as Sql;
  // The driver leaves out what is falsy, and puts names of its own into the packet.
  const sent = client.options.connection as Record<string, unknown>;
  for (const name of Object.keys(sent)) delete sent[name];
  for (const [name, value] of Object.entries(packet)) sent[name] = String(value);
  return client;
}

function connectionClosed(): Error {
  return Object.assign(new Error("the connection is lost"), { code: "CONNECTION_CLOSED" });
}

/** Those PgBouncer keeps for each client; it refuses or drops every other. */
const keptByPoolers = new Set([
  "application_name",
  "client_encoding",
  "DateStyle",
  "TimeZone",
  "standard_conforming_strings",
]);

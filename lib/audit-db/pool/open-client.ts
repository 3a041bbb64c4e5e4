import postgres, { type Options, type Sql } from "postgres";
import { parsers, refuseUnwritable, serializers, unwritable } from "./driver-values.ts";
import { type SessionUse, startupSettings } from "./session-settings.ts";

export interface ClientOptions extends Omit<Options<Record<string, never>>, "types" | "transform"> {
  /** Sends nothing but what every PgBouncer takes; the session must then be looked at (`checkSession`). */
  throughPooler?: boolean;
}

/**
 * Opens a driver client, the only place that does: its sessions have the settings of `use` whatever the role, the
 * database or the URL says, and a value that cannot be written or read fails its own statement alone.
 * @param options.connection what this client wants beyond those settings: its name and its limits
 */
export function openClient(url: string, use: SessionUse, options: ClientOptions): Sql {
  const { throughPooler = false, connection, ...driver } = options;
  const client = postgres(url, { onnotice: () => {}, ...driver, transform: { undefined: unwritable } });
  sendSettings(client, { ...startupSettings(use), ...connection }, throughPooler);
  Object.assign(client.options.parsers, parsers);
  client.options.serializers = refuseUnwritable(Object.assign(client.options.serializers, serializers));
  return client;
}

/** Those PgBouncer keeps for each client; it refuses or drops every other. */
const keptByPoolers = new Set([
  "application_name",
  "client_encoding",
  "DateStyle",
  "TimeZone",
  "standard_conforming_strings",
]);

/** The driver lets parameters of the URL win over what it is given, in any spelling, and leaves out what is falsy. */
function sendSettings(client: Sql, settings: Record<string, unknown>, throughPooler: boolean): void {
  const packet = client.options.connection as Record<string, unknown>;
  const ours = new Set(Object.keys(settings).map((name) => name.toLowerCase()));
  for (const name of Object.keys(packet)) if (ours.has(name.toLowerCase())) delete packet[name];
  for (const [name, value] of Object.entries(settings))
    if (!throughPooler || keptByPoolers.has(name)) packet[name] = String(value);
}

import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import path from "node:path";
import { parameters } from "./parameters.ts";
import { defaultSocketFolders } from "./password-file.ts";
import { readUrl, shown } from "./read-url.ts";
import { refuseAddress } from "./refuse.ts";
import { readService } from "./service-file.ts";
import type {
  Address,
  Host,
  Keepalives,
  LibpqEnvironment,
  SessionAttributes,
  SslMode,
  TlsSettings,
  TlsVersion,
} from "./types.ts";

type Keywords = ReadonlyMap<string, string>;

/**
 * What an address means, as libpq reads it: the URL, then its service, then the environment, then the defaults.
 * @throws AppError BAD_INPUT naming the parameter and its values; never the password
 */
export function parseAddress(url: string, environment: LibpqEnvironment): Address {
  const written = checkUrl(url);
  const home = environment.HOME || homedir();
  const from = (keyword: string) => nonEmpty(environment[parameters[keyword]?.variable ?? ""]);
  const service = written.get("service") ?? from("service");
  const known = new Map(written);
  if (service !== undefined) {
    const file = written.get("servicefile") ?? from("servicefile");
    for (const [keyword, value] of readService(service, file, home, environment))
      if (!known.has(keyword)) known.set(keyword, value);
  }
  for (const [keyword, { variable }] of Object.entries(parameters))
    if (variable && !known.has(keyword)) {
      const value = from(keyword);
      if (value !== undefined) known.set(keyword, value);
    }
  check(known);
  return compose(known, home);
}

/**
 * Whether an address can be taken, as far as its text says: services and files are not looked up.
 * @throws AppError BAD_INPUT
 */
export function checkUrl(url: string): Keywords {
  const written = readUrl(url);
  check(written);
  const hosts = readHosts(written);
  if (!written.has("service")) readTls(written, "", hosts);
  return written;
}

function check(keywords: Keywords): void {
  for (const [keyword, value] of keywords) {
    const parameter = Object.hasOwn(parameters, keyword) ? parameters[keyword] : undefined;
    if (!parameter)
      throw refuseAddress(
        `There is no connection parameter ${shown(keyword)}.`,
        "A setting of the session stands in options, e.g. options=-c%20work_mem%3D8MB.",
      );
    if (value !== "") parameter.check?.(value);
  }
}

function compose(known: Keywords, home: string): Address {
  const text = (keyword: string) => nonEmpty(known.get(keyword));
  const user = text("user") ?? userInfo().username;
  const hosts = readHosts(known);
  const timeout = Number(text("connect_timeout") ?? 0);
  const attributes = text("target_session_attrs");
  return {
    hosts,
    user,
    database: text("dbname") ?? user,
    ...optional("password", text("password")),
    passwordFile: text("passfile") ?? path.join(home, ".pgpass"),
    tls: readTls(known, home, hosts),
    targetSessionAttrs: (attributes ?? "any") as SessionAttributes,
    attributesGiven: attributes !== undefined,
    balanced: text("load_balance_hosts") === "random",
    keepalives: readKeepalives(text),
    // One second is two, as libpq has it.
    ...(timeout > 0 && { connectTimeoutSeconds: Math.max(2, timeout) }),
    ...optional("options", text("options")),
    ...optional("applicationName", text("application_name")),
    ...optional("clientEncoding", text("client_encoding")),
  };
}

function readHosts(known: Keywords): Address["hosts"] {
  const list = (keyword: string) => {
    const value = known.get(keyword);
    return value === undefined || value === "" ? undefined : value.split(",");
  };
  const [names, addresses, ports] = [list("host"), list("hostaddr"), list("port")];
  const count = (addresses ?? names ?? [""]).length;
  if (names && addresses && names.length !== addresses.length)
    throw refuseAddress(`host names ${names.length} hosts and hostaddr ${addresses.length}.`);
  if (ports && ports.length !== 1 && ports.length !== count)
    throw refuseAddress(`port names ${ports.length} ports for ${count} hosts.`);
  const hosts = Array.from({ length: count }, (_, i) =>
    oneHost(names?.[i] ?? "", addresses?.[i] ?? "", ports?.[ports.length === 1 ? 0 : i] ?? ""),
  );
  return hosts as unknown as Address["hosts"];
}

function oneHost(name: string, hostaddr: string, portText: string): Host {
  if (portText !== "" && !/^\s*\d{1,5}\s*$/.test(portText)) throw refuseAddress("port must be a number.");
  const port = portText === "" ? 5432 : Number(portText);
  if (port < 1 || port > 65_535) throw refuseAddress("port must be from 1 to 65535.");
  if (hostaddr !== "") return { host: name || hostaddr, hostaddr, port };
  const folder = name === "" ? (defaultSocketFolders.find((each) => existsSync(each)) ?? "/tmp") : name;
  if (folder.startsWith("/")) return { host: folder, port, socket: `${folder}/.s.PGSQL.${port}` };
  // An abstract name, which no file stands for.
  if (folder.startsWith("@")) return { host: folder, port, socket: `\0${folder.slice(1)}/.s.PGSQL.${port}` };
  return { host: folder, port };
}

function readTls(known: Keywords, home: string, hosts: readonly Host[]): TlsSettings {
  const text = (keyword: string) => nonEmpty(known.get(keyword));
  const root = text("sslrootcert");
  const mode = (text("sslmode") ?? (root === "system" ? "verify-full" : "prefer")) as SslMode;
  if (root === "system" && mode !== "verify-full")
    throw refuseAddress(`sslrootcert=system needs sslmode=verify-full, not ${mode}.`);
  const negotiation = text("sslnegotiation") === "direct" ? "direct" : "postgres";
  if (negotiation === "direct" && ["disable", "allow", "prefer"].includes(mode))
    throw refuseAddress(`sslnegotiation=direct needs sslmode=require or stricter, not ${mode}.`);
  const [minVersion, maxVersion] = ["ssl_min_protocol_version", "ssl_max_protocol_version"].map(text) as (
    | TlsVersion
    | undefined
  )[];
  if (minVersion && maxVersion && minVersion > maxVersion)
    throw refuseAddress("ssl_min_protocol_version is above ssl_max_protocol_version.");
  if (mode === "verify-full" && hosts.some(({ hostaddr }) => hostaddr) && !text("host"))
    throw refuseAddress("sslmode=verify-full needs host beside hostaddr: the name that the certificate has.");
  const beside = (name: string) => path.join(home, ".postgresql", name);
  const certificates = text("sslcertmode") !== "disable";
  return {
    mode,
    negotiation,
    ...(certificates && { cert: text("sslcert") ?? beside("postgresql.crt") }),
    ...(certificates && { key: text("sslkey") ?? beside("postgresql.key") }),
    root: root ?? beside("root.crt"),
    revoked: text("sslcrl") ?? beside("root.crl"),
    ...optional("keyPassword", text("sslpassword")),
    minVersion: minVersion ?? "TLSv1.2",
    ...optional("maxVersion", maxVersion),
    sni: text("sslsni") !== "0",
  };
}

function readKeepalives(text: (keyword: string) => string | undefined): Keepalives {
  const number = (keyword: string) => {
    const value = Number(text(keyword) ?? 0);
    return value > 0 ? value : undefined;
  };
  return {
    on: Number(text("keepalives") ?? 1) !== 0,
    ...optional("idleSeconds", number("keepalives_idle")),
    ...optional("intervalSeconds", number("keepalives_interval")),
    ...optional("count", number("keepalives_count")),
  };
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [key in K]?: V };
}

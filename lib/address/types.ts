export const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof sslModes)[number];

export const sessionAttributes = [
  "any",
  "read-write",
  "read-only",
  "primary",
  "standby",
  "prefer-standby",
] as const;
export type SessionAttributes = (typeof sessionAttributes)[number];

/** One place an address leads to. */
export interface Host {
  /** As written: what a certificate is checked against, and what a password file names. A folder for a Unix socket. */
  host: string;
  /** Where to connect when that is not `host`. */
  hostaddr?: string;
  port: number;
  /** Path of the Unix socket, where it is one. */
  socket?: string;
}

export interface TlsSettings {
  mode: SslMode;
  /** `direct`: TLS from the first byte, without asking the server first (PostgreSQL 17). */
  negotiation: "postgres" | "direct";
  /** Files; `root` may be `system`. Whether one was named or is where libpq looks by itself decides what its absence means. */
  cert?: string;
  key?: string;
  root?: string;
  revoked?: string;
  keyPassword?: string;
  minVersion: TlsVersion;
  maxVersion?: TlsVersion;
  /** Whether the server is told the host name it is asked by. */
  sni: boolean;
}

export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

export interface Keepalives {
  on: boolean;
  /** Undefined is the system's own. */
  idleSeconds?: number;
  intervalSeconds?: number;
  count?: number;
}

/** A PostgreSQL connection address, understood as libpq understands it. */
export interface Address {
  hosts: readonly [Host, ...Host[]];
  database: string;
  user: string;
  /** Undefined: asked of the password file, for each host. */
  password?: string;
  /** Where passwords are looked up when none is given. */
  passwordFile: string;
  tls: TlsSettings;
  targetSessionAttrs: SessionAttributes;
  /** Whether somebody asked for these attributes: several hosts without any are nodes of one target. */
  attributesGiven: boolean;
  /** Hosts are tried in random order. */
  balanced: boolean;
  keepalives: Keepalives;
  /** Undefined: no limit of the address. */
  connectTimeoutSeconds?: number;
  /** Command-line options for the server, as `-c name=value`. */
  options?: string;
  /** What the address asks for and our sessions choose for themselves. */
  applicationName?: string;
  clientEncoding?: string;
}

/** The part of a process's environment that libpq reads. */
export type LibpqEnvironment = Readonly<Record<string, string | undefined>>;

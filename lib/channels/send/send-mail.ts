import { connect, type Socket } from "node:net";
import { createTransport } from "nodemailer";
import { type ChannelConfig, secretTexts } from "../config.ts";
import { asText, headline, type Message } from "../message.ts";
import { connectionFailure, DeliveryFailure, quoted } from "./delivery-failure.ts";
import { noTls, refusal } from "./reach.ts";
import type { Transport } from "./request.ts";
import type { Attempt, Taken } from "./sender.ts";

interface MailServer {
  host: string;
  port: number;
  security: "starttls" | "tls" | "none";
  user: string | null;
  password: string | undefined;
  from: string;
  /** Of the environment: named by whoever may allow destinations, so allowed. */
  ours: boolean;
}

/** One mail to everybody on the channel's list. Mails about one incident are one thread. */
export async function sendMail(attempt: Attempt): Promise<Taken> {
  const { id, message, config, secret, at, transport } = attempt;
  const { to } = config as ChannelConfig<"email">;
  const server = serverOf(attempt);
  const secrets = [...secretTexts(secret), ...(server.password ? [server.password] : [])];
  const signal = AbortSignal.any([transport.signal, AbortSignal.timeout(transport.timeoutMs)]);
  const socket = await openSocket(server, transport, signal);
  const domain = server.from.replace(/^.*@|>$/g, "");
  const mailer = createTransport({
    connection: socket,
    host: server.host,
    port: server.port,
    secure: server.security === "tls",
    requireTLS: server.security === "starttls" && !mayGoPlain(server, socket, transport),
    ignoreTLS: server.security === "none",
    disableFileAccess: true,
    disableUrlAccess: true,
    greetingTimeout: transport.timeoutMs,
    socketTimeout: transport.timeoutMs,
    ...(server.user && { auth: { user: server.user, pass: server.password ?? "" } }),
    tls: { ...(transport.ca && { ca: transport.ca }) },
  });
  const abort = () => socket.destroy(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    const thread = message.incident ? `<incident-${message.incident.id}@${domain}>` : undefined;
    const sent = await mailer.sendMail({
      from: server.from,
      to,
      subject: subjectOf(message),
      text: asText(message),
      date: at,
      messageId: `<${id}@${domain}>`,
      ...(thread && { inReplyTo: thread, references: thread }),
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    });
    const { rejected } = sent;
    const refused = rejected.length > 0 ? `; refused for ${rejected.length} of ${to.length} addresses` : "";
    return { answer: `${quoted(sent.response, secrets)}${refused}` };
  } catch (thrown) {
    throw signal.aborted
      ? connectionFailure({ code: "ETIMEDOUT" }, server.host, true)
      : mailFailure(thrown, server.host, secrets);
  } finally {
    signal.removeEventListener("abort", abort);
    mailer.close();
    socket.destroy();
  }
}

/** "[critical] audit: Idle in transaction (firing) #12" */
function subjectOf(message: Message): string {
  const { incident } = message;
  const subject = incident
    ? `${incident.target} #${incident.number} · ${headline(message)}`
    : headline(message);
  return subject
    .replace(/[\s\p{Cc}]+/gu, " ")
    .slice(0, 200)
    .toWellFormed();
}

function serverOf({ config, secret, mail }: Attempt): MailServer {
  const { server } = config as ChannelConfig<"email">;
  if (server) return { ...server, password: secret.password, ours: false };
  if (!mail.url)
    throw new DeliveryFailure("No mail server: set SMTP_URL and SMTP_FROM, or name one in the channel.", {
      again: "channel",
    });
  const url = new URL(mail.url);
  const tls = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return {
    host,
    port: Number(url.port || (tls ? 465 : 587)),
    security: tls ? "tls" : "starttls",
    user: url.username ? decodeURIComponent(url.username) : null,
    password: decodeURIComponent(url.password),
    from: mail.from ?? `audit-db-dashboard@${host}`,
    ours: true,
  };
}

/** Connected to an address that was judged in the moment of connecting: the mailer would look the name up by itself. */
function openSocket(server: MailServer, { reach }: Transport, signal: AbortSignal): Promise<Socket> {
  const { host, port, security, ours } = server;
  const plain = security === "none";
  const refused = ours ? null : reach.refusalOf(host, plain);
  if (refused) throw new DeliveryFailure(refused, { again: "channel" });
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host, port, ...(!ours && { lookup: reach.lookup }) });
  const abort = () => socket.destroy(Object.assign(new Error("aborted"), { code: "ETIMEDOUT" }));
  signal.addEventListener("abort", abort, { once: true });
  socket.once("error", (thrown) => reject(connectionFailure(thrown, host, false)));
  socket.once("connect", () => {
    signal.removeEventListener("abort", abort);
    if (plain && !reach.mayBePlain(host, socket.remoteAddress ?? "")) socket.destroy(refusal(noTls(host)));
    else resolve(socket);
  });
  return promise;
}

/** A relay of the environment's that stands in ALERT_DESTINATIONS_ALLOWED may have no TLS to offer. */
function mayGoPlain({ ours, host }: MailServer, socket: Socket, { reach }: Transport): boolean {
  return ours && reach.mayBePlain(host, socket.remoteAddress ?? "");
}

interface MailError {
  code?: string;
  responseCode?: number;
  response?: string;
  command?: string;
}

function mailFailure(thrown: unknown, host: string, secrets: readonly string[]): DeliveryFailure {
  const { code = "", responseCode, response = "", command = "" } = thrown as MailError;
  if (responseCode === undefined) return connectionFailure({ code }, host, command === "DATA");
  const words = `${host} answered ${quoted(response || String(responseCode), secrets)}`;
  // What it says of an envelope or a message is about this one; of sign-in and greeting about all.
  const about = code === "EENVELOPE" || code === "EMESSAGE" ? "delivery" : "channel";
  return new DeliveryFailure(words, { again: about });
}

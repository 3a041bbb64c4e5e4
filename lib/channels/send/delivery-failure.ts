/** What becomes of a message that was not taken. */
export interface FailureFacts {
  /**
   * `channel`: nothing gets there just now, so nothing else is tried either. `delivery`: this one was refused, others
   * may be taken. `never`: it will not be taken at any time.
   */
  again: "channel" | "delivery" | "never";
  /** Not before so long, where the other side says so. */
  retryAfterMs?: number;
  /** The other side wants nothing any more. */
  gone?: true;
  /** Of an HTTP answer. */
  status?: number;
  /** The request may have got there: its answer did not come. */
  maybeArrived?: true;
}

/** Its message may be shown to an administrator: it holds no secret and at most 300 characters of others' words. */
export class DeliveryFailure extends Error {
  readonly facts: FailureFacts;

  constructor(message: string, facts: FailureFacts) {
    super(message);
    this.name = "DeliveryFailure";
    this.facts = facts;
  }
}

/** What was thrown as a failure of a delivery, by its name: bundles have classes of their own. */
export function asDeliveryFailure(thrown: unknown): DeliveryFailure | null {
  return thrown instanceof Error && thrown.name === "DeliveryFailure" ? (thrown as DeliveryFailure) : null;
}

/** For interfaces that call what they will never take invalid (400): it is not tried again. */
export async function neverAgainWhenInvalid<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (thrown) {
    const failure = asDeliveryFailure(thrown);
    if (failure?.facts.status !== 400) throw thrown;
    throw new DeliveryFailure(failure.message, { ...failure.facts, again: "never" });
  }
}

/** The failure of a connection: told by its code, since messages of others may hold what was sent. */
export function connectionFailure(thrown: unknown, host: string, maybeArrived: boolean): DeliveryFailure {
  const known = asDeliveryFailure(thrown);
  if (known) return known;
  const { code = "", message = "" } = thrown as NodeJS.ErrnoException;
  const words =
    code === "EDESTINATION" ? message : (connectionWords[code] ?? `${tlsWords(code)}${code && ` (${code})`}`);
  const told = code === "EDESTINATION" ? words : `${host}: ${words}.`;
  return new DeliveryFailure(told, {
    again: "channel",
    ...(maybeArrived && code !== "EDESTINATION" && { maybeArrived: true }),
  });
}

const connectionWords: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection closed before an answer came",
  EPIPE: "connection closed before an answer came",
  ETIMEDOUT: "no answer in time",
  ABORT_ERR: "no answer in time",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the name cannot be resolved just now",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  HPE_INVALID_CONSTANT: "what answers there does not speak HTTP",
  EPROTO: "what answers there does not speak TLS",
};

function tlsWords(code: string): string {
  return /CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code)
    ? "its certificate is not trusted here"
    : "the connection failed";
}

/** What the other side said, on one line, bounded and without the secrets it was sent. */
export function quoted(text: string, secrets: readonly string[]): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const clean = secrets
    .filter((secret) => secret.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, "***"), line);
  return clean.length > 300 ? `${clean.slice(0, 299).toWellFormed()}…` : clean;
}

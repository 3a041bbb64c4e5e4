import { AppError } from "../../../errors.ts";

/** By the first word of Redis's reply: what makes it do the same the next time. */
const remedies: Record<string, string> = {
  OOM: "It is full and may not evict: raise its maxmemory, or set maxmemory-policy to allkeys-lru so that it makes room by itself.",
  READONLY: "It is a replica: let REDIS_URL name the primary.",
  NOPERM:
    "Its ACL forbids that to the console's user: let it read and write its keys and publish (ACL SETUSER).",
  NOAUTH: "Put its user and password into REDIS_URL.",
  MISCONF: "It cannot write to its disk, and refuses changes until it can: its log says why.",
  LOADING: "It is still loading its data: wait until it has.",
  BUSY: "A script blocks it: SCRIPT KILL ends that.",
  CLUSTERDOWN: "Its cluster lacks nodes: CLUSTER INFO says which slots are not served.",
  MASTERDOWN: "It is a replica without its primary: let REDIS_URL name the primary.",
  NOREPLICAS: "It has fewer replicas than min-replicas-to-write demands.",
};

/** By name: the client is one for all of Next's bundles, the class may be another in each. */
export function isReply(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.name === "ReplyError";
}

/** A command that Redis answered with an error: it is there, and says what is wrong. */
export function explainRefusal(reply: Error): AppError {
  const hint = remedies[reply.message.split(" ", 1)[0] ?? ""];
  const words = reply.message.replace(/\.?\s*$/, "");
  return new AppError("UNAVAILABLE", `Redis refuses it: ${words}.`, { cause: reply, ...(hint && { hint }) });
}

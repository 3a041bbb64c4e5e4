/** Every host of a PostgreSQL URL as a URL of its own, in order: `postgres://u:p@h1:1,h2:2/db` names two. */
export function splitHosts(url: string): string[] {
  const parts = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#]*)(.*)$/i.exec(url);
  if (!parts) return [url];
  const [, before = "", hosts = "", after = ""] = parts;
  return hosts.split(",").map((host) => before + host + after);
}

/** `host:port`, which names a node. */
export function nodeName(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || "5432"}`;
}

/** The same role, database and settings on another node's host and port. */
export function atNode(url: string, node: string): string {
  const moved = new URL(url);
  // Setting `host` leaves the old port where the new one is missing; both are given here.
  const at = node.lastIndexOf(":");
  moved.hostname = node.slice(0, at);
  moved.port = node.slice(at + 1);
  return moved.href;
}

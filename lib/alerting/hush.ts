/** Why nobody is told of it just now, though it fires. */
export interface Hush {
  by: "silence" | "maintenance" | "inhibition" | "flapping";
  /** The silence's or window's id; the incident that explains it, of an inhibition. */
  id: string | null;
  words: string;
  /** Null: until it resolves, or until the other incident does. */
  until: Date | null;
}

import type { TableSort } from "./data-table-props.ts";

/** "calls.desc" of the URL as a sort; null when it names none of the columns. */
export function parseSort(text: string | null, columns: readonly { id: string }[]): TableSort | null {
  const cut = text?.lastIndexOf(".") ?? -1;
  const id = text?.slice(0, cut);
  if (!text || !id || cut <= 0 || !columns.some((column) => column.id === id)) return null;
  return { id, desc: text.slice(cut + 1) === "desc" };
}

export function sortText({ id, desc }: TableSort): string {
  return `${id}.${desc ? "desc" : "asc"}`;
}

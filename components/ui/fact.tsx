/**
 * <dl className="grid grid-cols-[8rem_1fr] …"><Fact name="Who">{name}</Fact></dl>
 * One line of a list of facts in two columns.
 */
import type { ReactNode } from "react";

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

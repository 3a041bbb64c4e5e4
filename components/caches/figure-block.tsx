import type { ReactNode } from "react";

/** One figure of a strip: what it is, the figure itself, and what stands behind it. */
export function FigureBlock({
  label,
  title,
  children,
}: {
  label: string;
  title?: string;
  children: ReactNode;
}) {
  return (
    <div className="min-w-0" title={title}>
      <dt className="truncate text-sm text-muted">{label}</dt>
      <dd className="grid min-w-0">{children}</dd>
    </div>
  );
}

export function Big({ children }: { children: ReactNode }) {
  return <span className="truncate text-lg leading-7 font-semibold tracking-tight">{children}</span>;
}

export function Small({ children }: { children: ReactNode }) {
  return <span className="text-xs text-faint">{children}</span>;
}

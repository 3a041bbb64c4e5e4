import type { ReactNode } from "react";

/** What went wrong, told at once; nothing where nothing did. <Problem>{errorWords(save.error)}</Problem> */
export function Problem({ children }: { children: ReactNode }) {
  return (
    children && (
      <p role="alert" className="text-sm text-critical">
        {children}
      </p>
    )
  );
}

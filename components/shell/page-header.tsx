/** <PageHeader title="Connections" question="Where do requests wait?" actions={…} />: the head of every page. */
import type { ReactNode } from "react";

interface PageHeaderProps {
  title: ReactNode;
  question?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, question, actions }: PageHeaderProps) {
  return (
    <div className="mb-5 flex flex-wrap items-end gap-x-4 gap-y-2">
      <div className="min-w-0 grow">
        <h1 className="text-xl font-semibold tracking-tight break-words">{title}</h1>
        {question && <p className="text-base text-muted">{question}</p>}
      </div>
      {/* A row of its own on a phone, so that it does not hop with the width of a font. */}
      {actions && (
        <div className="flex flex-wrap items-center gap-2 empty:hidden max-sm:w-full">{actions}</div>
      )}
    </div>
  );
}

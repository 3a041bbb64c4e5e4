/** What the marks of the board mean. */
export function BoardLegend() {
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 px-4 py-2 text-xs text-muted">
      <Mark className="bg-control/45">gone by</Mark>
      <Mark className="bg-series-5/30">to come</Mark>
      <Mark className="bg-hatch border border-unknown/40">clock paused</Mark>
      <Mark className="border border-dashed border-series-5/70 bg-series-5/10">extension</Mark>
      <Mark className="bg-critical/85">overdue</Mark>
    </ul>
  );
}

function Mark({ className, children }: { className: string; children: string }) {
  return (
    <li className="flex items-center gap-1.5">
      <span aria-hidden className={`h-2.5 w-4 rounded-[2px] ${className}`} />
      {children}
    </li>
  );
}

/** A labelled figure inside a panel; goes into a `<dl>`. */
export function Figure({ label, value, exact }: { label: string; value: string; exact: string }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-xs text-faint">{label}</dt>
      <dd className="truncate text-lg font-semibold tracking-tight" title={exact}>
        {value}
      </dd>
    </div>
  );
}

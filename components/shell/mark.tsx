/** The product's mark: a store whose entries are ticked off. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-6 shrink-0" aria-hidden="true">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g
        fill="none"
        className="stroke-on-accent"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d="M8 10.5C8 8.600 11.600 7 16 7s8 1.600 8 3.500S20.400 14 16 14s-8-1.600-8-3.500Z" />
        <path d="M8 10.500v11c0 1.900 3.600 3.500 8 3.500M24 10.500V14M19.500 21.500l2.500 2.500 4.500-5" />
      </g>
    </svg>
  );
}

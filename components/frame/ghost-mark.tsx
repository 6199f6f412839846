/** Ghost's sign: a cave's mouth with somebody in it. */
export function GhostMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={className}>
      <path
        d="M12 2.5c-5 0-8.5 3.6-8.5 8.6V21l3-2.2L9.2 21 12 18.8 14.8 21l2.7-2.2 3 2.2v-9.9c0-5-3.5-8.6-8.5-8.6Z"
        fill="currentColor"
      />
      <circle cx="9" cy="10.8" r="1.6" fill="var(--n1)" />
      <circle cx="15" cy="10.8" r="1.6" fill="var(--n1)" />
    </svg>
  );
}

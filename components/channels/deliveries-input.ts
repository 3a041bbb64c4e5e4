/** What the page and its prefetch ask the log of deliveries for. */
export const deliveriesInput = { limit: 100 } as const;

/** The gateway's own paths on the hosts of apps; everything else there is the app's. */
export const ownPrefix = "/.ghost/";
export const ownPath = {
  enter: `${ownPrefix}enter`,
  link: `${ownPrefix}link`,
  state: `${ownPrefix}state`,
  start: `${ownPrefix}start`,
  check: `${ownPrefix}check`,
} as const;

/** What gateway and daemon agree on. The protocol's number is also the image label `ghost.daemon`. */
export const daemonProtocol = 1;
/** Port that caved listens on inside every cave; reserved, never a preview. */
export const daemonPort = 4100;

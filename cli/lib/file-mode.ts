/** Permission bits as the API takes them: without set-user-id and its kin, which nothing copied should carry along. */
export const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(3, "0");

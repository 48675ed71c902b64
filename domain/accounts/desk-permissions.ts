/** Permissions of the desk's accounts beside those of the workflows' steps: sees the cases of every department. */
export const allDepartments = 'all-departments';
/** May see all stations' health and change their settings. */
export const fleetPermission = 'fleet';
/** May add, change, disable and enable accounts and reset their passwords. */
export const accountsPermission = 'accounts';

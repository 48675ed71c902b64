/** The one channel between preload and main. */
export const accessChannel = 'ludeng:access';

/** What the server itself says to people, where no table of the domain says it. */
export const machineCheck = { by: '机器自动校核', opinion: '机器比对一致，自动通过' } as const;

export const demoAccount = { id: 'demo', name: '演示审核员（模拟）', password: 'ludeng-demo' } as const;

/** What the demo's warehouse signs with. It opens the demo's gateway and no other. */
export const demoWarehouseSecret = 'whsec_d2Vpci1kZW1vLXdhcmVob3VzZS1zZWNyZXQ=';

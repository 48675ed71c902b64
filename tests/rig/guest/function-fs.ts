/** What FunctionFS wants on ep0 before a gadget may be plugged in (linux/usb/functionfs.h), for one bulk pipe each way. */

const descriptorsMagic = 3; // version 2 of the format
const stringsMagic = 2;
const hasFullSpeed = 1;
const hasHighSpeed = 2;
const english = 0x0409;

export function functionFsDescriptors(): Buffer {
  const atSpeed = (packet: number): Buffer =>
    Buffer.concat([vendorInterface, bulkEndpoint(0x81, packet), bulkEndpoint(0x02, packet)]);
  const body = Buffer.concat([u32(3), u32(3), atSpeed(64), atSpeed(512)]);
  return Buffer.concat([
    u32(descriptorsMagic),
    u32(12 + body.length),
    u32(hasFullSpeed | hasHighSpeed),
    body,
  ]);
}

export function functionFsStrings(name: string): Buffer {
  const body = Buffer.concat([u32(1), u32(1), u16(english), Buffer.from(`${name}\0`)]);
  return Buffer.concat([u32(stringsMagic), u32(8 + body.length), body]);
}

/** USB 2.0, table 9-12: interface 0 with two endpoints, class of the vendor, named by the first string. */
const vendorInterface = Buffer.from([9, 4, 0, 0, 2, 0xff, 0, 0, 1]);

/** USB 2.0, table 9-13. */
function bulkEndpoint(address: number, packet: number): Buffer {
  return Buffer.from([7, 5, address, 2, packet & 0xff, packet >> 8, 0]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** A card reader or a camera that is missing, pulled out or broken: told in Chinese with what to do, and the draft is still there. */
import { beforeAll, describe, expect, test } from 'vitest';
import { refused, useCounterWithDraft } from '#tests/support/bad-input.ts';
import { noiseWithHead } from '#tests/support/bad-paper.ts';
import { eventually } from '#tests/support/whole-station.ts';

const cardSlot = 'legal-representative-id';
const counter = useCounterWithDraft();
const { applicant, draftStands } = counter;

describe('the card reader', () => {
  let basicId: string;

  beforeAll(async () => {
    await applicant.login();
    basicId = (
      await counter.whole.station.call('createRecord', { body: { kind: 'basic-info', answers: {} } })
    ).id;
    await applicant.fill(basicId, cardSlot, { name: '王建国' });
  });

  const readCard = async () =>
    counter.whole.station.finished(
      await counter.whole.station.call('readCard', { params: { id: basicId, slot: cardSlot } }),
    );
  const typedStands = async () => {
    const kept = (await applicant.record(basicId)).materials.find((one) => one.slot === cardSlot);
    expect(kept).toMatchObject({ values: { name: '王建国' }, chip: {}, pages: [] });
  };

  test('a reader that is pulled out while it reads is told, and reads when it is back', async () => {
    counter.whole.counter.cardReader.misbehave('unplug', { times: 1, on: 'read' });
    await refused('CARD_READER_LOST', readCard());
    await typedStands();
    counter.whole.counter.cardReader.misbehave('none');
  });

  test('without a reader the page says so and how to go on', async () => {
    await counter.whole.counter.cardReader.unplug();
    const { action } = await refused('CARD_READER_MISSING', readCard());
    expect(action).toContain('手工填写');
    const reader = await eventually('the list shows the missing reader', async () =>
      (await counter.whole.station.call('station')).devices.find(
        ({ kind, state }) => kind === 'card-reader' && state !== 'ready',
      ),
    );
    expect(reader.advice).toMatch(/读卡器/);
    await typedStands();
    await counter.whole.counter.cardReader.plug();
  });

  test('LNC-084 a card that cannot be read is told', async () => {
    counter.whole.counter.cardReader.misbehave('select-fails');
    const { action } = await refused('CARD_READ_FAILED', readCard());
    expect(action).toContain('重新放好');
    await typedStands();
    counter.whole.counter.cardReader.misbehave('none');
  });

  test('LNC-084 the wait for a card that nobody places is called off at once', async () => {
    const job = await counter.whole.station.call('readCard', { params: { id: basicId, slot: cardSlot } });
    await counter.whole.station.call('cancelJob', { params: { id: job.id } });
    await refused('CANCELLED', counter.whole.station.finished(job));
    await typedStands();
  });

  test('LNC-084 after all that the card is read', async () => {
    await readCard();
    const read = (await applicant.record(basicId)).materials.find((one) => one.slot === cardSlot);
    expect(read?.chip['idNumber']).toBe('210103197506120014');
  });
});

describe('the camera', () => {
  const camera = { label: '高拍仪', width: 3264, height: 2448, simulated: true };
  const shown = async () =>
    (await counter.whole.station.call('station')).devices.find(({ kind }) => kind === 'camera');

  test('LNC-054 no camera, and a camera pulled out in the middle, are told with what to do', async () => {
    await counter.whole.station.call('camera', {
      body: { ...camera, label: '', width: 0, height: 0, state: 'missing' },
    });
    expect(await shown()).toMatchObject({
      state: 'missing',
      advice: expect.stringContaining('上传图片') as string,
    });
    await counter.whole.station.call('camera', { body: { ...camera, state: 'ready' } });
    expect(await shown()).toMatchObject({ state: 'ready', advice: '' });
    await counter.whole.station.call('camera', { body: { ...camera, state: 'fault' } });
    expect(await shown()).toMatchObject({
      state: 'fault',
      advice: expect.stringContaining('重新插好') as string,
    });
    await draftStands();
  });

  test('LNC-054 a frame that is no picture is refused, and hundreds of frames leave no listener behind', async () => {
    await refused(
      'FILE_DAMAGED',
      counter.whole.station.call('frame', { body: noiseWithHead(0xff, 0xd8, 0xff) }),
    );
    const warned: string[] = [];
    const note = (warning: Error) => warned.push(warning.name);
    process.on('warning', note);
    for (let i = 0; i < 15; i++)
      await refused(
        'FILE_DAMAGED',
        counter.whole.station.call('frame', { body: noiseWithHead(0xff, 0xd8, 0xff) }),
      );
    process.off('warning', note);
    expect(warned).not.toContain('MaxListenersExceededWarning');
  });
});

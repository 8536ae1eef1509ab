import { catalogue } from '../words/catalogue.ts';

export const cameraWords = catalogue({
  en: {
    preview: 'What the camera sees',
    isOff: 'The camera is off.',
    turnOn: 'Turn the camera on',
    turnOff: 'Turn it off',
    asking: 'The browser asks whether this page may use the camera.',
    problems: {
      insecure:
        'Browsers give the camera only to pages of https:// or of this computer (localhost). Open the studio at such an address.',
      denied:
        'This page may not use the camera. Allow it next to the address of the page, or in the settings of this computer, and turn it on again.',
      missing: 'No camera was found. Connect one, and turn it on again.',
      busy: 'The camera is there, but does not start; another program may be using it. Close that, and turn it on again.',
      ended: 'The camera was taken away: it was disconnected, or its permission was withdrawn.',
      hidden: 'The camera was turned off because this tab was hidden.',
      other: 'The camera cannot be used in this browser.',
    },
  },
  ko: {
    preview: '카메라가 보는 것',
    isOff: '카메라가 꺼져 있습니다.',
    turnOn: '카메라 켜기',
    turnOff: '끄기',
    asking: '브라우저가 이 페이지에 카메라를 허용할지 묻고 있습니다.',
    problems: {
      insecure:
        '브라우저는 https:// 페이지나 이 컴퓨터(localhost)의 페이지에만 카메라를 줍니다. 그런 주소로 스튜디오를 여세요.',
      denied: '이 페이지는 카메라를 쓸 수 없습니다. 주소 옆이나 컴퓨터 설정에서 허용하고 다시 켜세요.',
      missing: '카메라가 없습니다. 연결하고 다시 켜세요.',
      busy: '카메라가 있지만 켜지지 않습니다. 다른 프로그램이 쓰고 있을 수 있으니 닫고 다시 켜세요.',
      ended: '카메라 연결이 끊겼거나 권한이 취소되었습니다.',
      hidden: '탭이 가려져 카메라를 껐습니다.',
      other: '이 브라우저에서는 카메라를 쓸 수 없습니다.',
    },
  },
});

// Errors and notices about files and run folders.

import type { Catalogue } from '../translator.ts';

export const errorsFiles: Catalogue = {
  'a link is on the way to it; links below {0} are not followed':
    '가는 길에 링크가 있습니다. {0} 아래의 링크는 따라가지 않습니다',
  'is {0}, expected a file or a pipe': '파일이나 파이프여야 하는데 {0}입니다',
  'gave more than {0} bytes, the most that is read of a pipe; write it to a file, or to several':
    '파이프에서 읽는 한도인 {0}바이트를 넘었습니다. 파일 하나나 여럿에 쓰세요',
  'is not there': '없습니다',
  '{0} needs {1}, which is not installed:\n  {2}':
    '{0}에는 {1:이/가} 필요한데 설치되어 있지 않습니다. 이렇게 설치하세요:\n  {2}',
  '{0} needs {1}, which cannot be loaded: {2}': '{0}에는 {1:이/가} 필요한데 불러올 수 없습니다: {2}',
  'reading Parquet': 'Parquet 읽기',
  'Parquet or --where': 'Parquet나 --where',
  'reading images': '이미지 읽기',
  'writing PNG': 'PNG 쓰기',
  'verifying an ONNX file': 'ONNX 파일 확인',
  'was exchanged while it was opened': '여는 동안 바뀌었습니다',
  'is {0}, expected an ordinary file': '보통 파일이어야 하는데 {0}입니다',
  'has {0} bytes, expected at most {1}': '{1}바이트까지인데 {0}바이트입니다',
  'has a second name (a hard link); writing would change that file too':
    '다른 이름(하드 링크)도 있어서, 쓰면 그 파일도 바뀝니다',
  'is a link, expected an ordinary file': '보통 파일이어야 하는데 링크입니다',
  'is a socket or a pipe, expected an ordinary file': '보통 파일이어야 하는데 소켓이나 파이프입니다',
  'there are no captions in it': '캡션이 없습니다',
  'no caption to validate with has four words, so that BLEU-4 would be 0: CIDEr takes its place':
    '검증 캡션에 단어가 넷 이상인 것이 없어 BLEU-4가 0이 됩니다. 그 대신 CIDEr를 씁니다',
  'is not a layout of captions that is known: {0}; got {1}': '아는 캡션 형식이 아닙니다: {0}. 지금은 {1}입니다',
  'holds {0} images, the first is {1}, {2}': '이미지 {0}장이 있고 첫 이미지는 {1}인데, {2}',
  'holds no images; expected images, and beside each a .txt of the same name with its captions':
    '이미지가 없습니다. 이미지와, 그 옆에 캡션이 든 같은 이름의 .txt가 있어야 합니다',
  'which column is the {0}? There are {1}; name it: {2} {3}{4}':
    '{0} 열은 어느 것인가요? 열은 {1}입니다. {2} {3:으로/로} 알려 주세요{4}',
  '{0}: there is no column {1}; {2}{3}': '{0}: {1} 열은 없습니다. {2}{3}',
  'there are': '있는 것은',
  'has one column; expected tokens and tags, as a CoNLL file with both or a table':
    '열이 하나입니다. 둘 다 있는 CoNLL 파일이나, 토큰과 태그의 표여야 합니다',
  'of a CoNLL file: expected a column from 1 to {0}, got {1}': 'CoNLL 파일: 1에서 {0}까지의 열이어야 하는데 {1}입니다',
  'its first line has more than {0} characters, and is no header of a table':
    '첫 줄이 {0}글자를 넘어 표의 머리글이 아닙니다',
  'its first line is empty': '첫 줄이 비어 있습니다',
  'two columns are called {0}; if the first line is data and no header, add --no-header':
    '이름이 {0}인 열이 둘입니다. 첫 줄이 머리글이 아니라 데이터이면 --no-header를 주세요',
  'the file is empty': '파일이 비어 있습니다',
  'features are read from .npy and .safetensors files': '특징은 .npy와 .safetensors 파일에서 읽습니다',
  'expected [images, features] or [images, regions, features], got [{0}]':
    '[이미지, 특징]이나 [이미지, 영역, 특징]이어야 하는데 [{0}]입니다',
  'has features of {0} images, and there are {1}; row n is of the n-th image':
    '특징은 이미지 {0}장의 것인데 이미지는 {1}장입니다. n번째 행이 n번째 이미지의 특징입니다',
  'has a feature that is {0}': '{0}인 특징이 있습니다',
  'expected features [frames, {0}] of {1}, got [{2}]': '{1}의 특징은 [프레임, {0}]이어야 하는데 [{2}]입니다',
  'the features of {0} have a number that is {1}': '{0}의 특징에 {1:이/가} 있습니다',
  'has no features of {0}; it has {1} tensors ({2}, …)': '{0}의 특징이 없습니다. 텐서는 {1}개입니다({2}, …)',
  'has no features of {0}; it has {1} tensors ({2})': '{0}의 특징이 없습니다. 텐서는 {1}개입니다({2})',
  'the features of {0} are [{1}], those of {2} [{3}]': '{0}의 특징은 [{1}], {2}의 특징은 [{3}]입니다',
  'was changed while it was read; start again when nothing writes to it':
    '읽는 동안 바뀌었습니다. 아무도 쓰지 않을 때 다시 시작하세요',
  'was removed while it was read; start again with the file in place':
    '읽는 동안 지워졌습니다. 파일을 제자리에 두고 다시 시작하세요',
  'is cut off or damaged: {0}': '잘렸거나 손상되었습니다: {0}',
  'in --where {0}: there is no column {1}; {2}; texts stand between single quotes':
    '--where {0}: {1} 열은 없습니다. {2}. 글은 작은따옴표로 감쌉니다',
  'no file is called like that': '그런 이름의 파일이 없습니다',
  'no file is called like that (looked in {0})': '그런 이름의 파일이 없습니다({0}에서 찾음)',
  'there is no such folder (looked in {0})': '그런 폴더가 없습니다({0}에서 찾음)',
  'none of its images is in {0} (the first is called {1}); say where they are: --images folder':
    '{0}에 이미지가 하나도 없습니다(첫 이미지의 이름은 {1}). 어디 있는지 알려 주세요: --images 폴더',
  'holds {0}; name the one to read': '{0:이/가} 있습니다. 읽을 것을 알려 주세요',
  'decoded images': '푼 이미지',
  'animated where a still image is expected': '정지 이미지여야 하는데 움직이는 이미지입니다',
  '{0} frames': '프레임 {0}개',
  'of the format {0}; {1} are read': '{0} 형식입니다. {1:을/를} 읽습니다',
  'too large': '너무 큽니다',
  '{0} × {1}{2}; at most {3} pixels are decoded': '{0} × {1}{2}인데, {3}픽셀까지 풉니다',
  ' × {0} frames': ' × 프레임 {0}개',
  '{0} channels were decoded': '채널 {0}개가 풀렸습니다',
  'not an image': '이미지가 아닙니다',
  'was changed during training; start again when nothing writes to it':
    '학습하는 동안 바뀌었습니다. 아무도 쓰지 않을 때 다시 시작하세요',
  'cannot be read': '읽을 수 없습니다',
  'not there': '거기 없습니다',
  'at most 256 MB are read': '256 MB까지 읽습니다',
  'outside of the data folder': '데이터 폴더 밖입니다',
  'not an ordinary file': '보통 파일이 아닙니다',
  'expected white, black or #rrggbb, got {0}': 'white, black 또는 #rrggbb여야 하는데 {0}입니다',
  'expected a whole number from 1 to {0}, got {1}': '1에서 {0}까지의 정수여야 하는데 {1}입니다',
  'is no table: expected a list of objects, or an object on every line':
    '표가 아닙니다: 객체의 목록이나, 줄마다 객체가 있어야 합니다',
  'has {0} lines, {1} has {2}: line {3} of {4}, {5}, has no partner; line n of one has to be the translation of line n of the other':
    '{0}줄인데 {1:은/는} {2}줄입니다. {4}의 {3}번째 줄 {5}에 짝이 없습니다. 한쪽의 n번째 줄은 다른 쪽 n번째 줄의 번역이어야 합니다',
  'has no folders; expected one for each label, with text files in it':
    '폴더가 없습니다. 레이블마다 글 파일이 든 폴더가 있어야 합니다',
  'its folders ({0}) hold no files': '하위 폴더({0})에 파일이 없습니다',
  'holds no arrays; expected .npy files in it, as numpy.savez writes them':
    '배열이 없습니다. numpy.savez가 쓰는 것처럼 .npy 파일이 들어 있어야 합니다',
  '{0} is not written like the other numbers of its column, which have a decimal {1}; write all of them alike':
    '{0:은/는} 같은 열의 다른 수와 다르게 적혀 있습니다(소수점이 {1}). 모두 같은 방식으로 적으세요',
  '{0} is written with %, and other numbers of its column are not; write all of them alike':
    '{0}에는 %가 있는데 같은 열의 다른 수에는 없습니다. 모두 같은 방식으로 적으세요',
  '{0} is written without %, and other numbers of its column are not; write all of them alike':
    '{0}에는 %가 없는데 같은 열의 다른 수에는 있습니다. 모두 같은 방식으로 적으세요',
  '{0} may have a decimal comma or one between thousands; say which: --decimal comma or --decimal point':
    '{0}의 쉼표가 소수점일 수도, 천 단위 구분일 수도 있습니다. 알려 주세요: --decimal comma 또는 --decimal point',
  'there are no questions in it': '질문이 없습니다',
  'is not a layout of questions that is known: {0}; got {1}': '아는 질문 형식이 아닙니다: {0}. 지금은 {1}입니다',
  'has {0} of VQA v2; name the file with the {1} too': 'VQA v2의 {0:이/가} 있습니다. {1:이/가} 있는 파일도 알려 주세요',
  'no {0} can be used: {1}': '쓸 수 있는 것({0})이 하나도 없습니다: {1}',
  '{0} of {1} {2} cannot be used: {3}; fix the file, or skip them with --bad-rows skip':
    '{1}개({2}) 가운데 {0}개를 쓸 수 없습니다: {3}. 파일을 고치거나, --bad-rows skip으로 건너뛰세요',
  'has no column {0}, which {1} has; it has {2}': '{1}에 있는 {0} 열이 없습니다. 있는 것은 {2}입니다',
  'is no table that can be read; files end in {0}, with .gz if compressed':
    '읽을 수 있는 표가 아닙니다. 파일은 {0:으로/로} 끝나야 하며, 압축했으면 뒤에 .gz가 붙습니다',
  'holds no rows: expected objects with keys{0}': '행이 없습니다: 키가 있는 객체여야 합니다{0}',
  ', and there are {0} {1}': ', 있는 것은 {0} {1}',
  'has a line of more than four million characters; is it a text file?':
    '4백만 글자가 넘는 줄이 있습니다. 글 파일이 맞나요?',
  'there are no clips in it': '클립이 없습니다',
  '{0} does not match the pattern of groups {1}': '{0:은/는} 그룹의 패턴 {1:과/와} 맞지 않습니다',
  'has no folders; expected one for each label, with clips in it, or a table that names the clips':
    '폴더가 없습니다. 레이블마다 클립이 든 폴더나, 클립을 적은 표가 있어야 합니다',
  'its folders ({0}) hold images and no clips; expected a folder of frames for each clip: {1}':
    '하위 폴더({0})에 클립은 없고 이미지가 있습니다. 클립마다 프레임 폴더가 있어야 합니다: {1}',
  'clip 1': '클립 1',
  'frame 1.png': '프레임 1.png',
  'its folders ({0}) hold no clips': '하위 폴더({0})에 클립이 없습니다',
  'which column is the label? There are {0}; name it: --label {1}':
    '레이블은 어느 열인가요? 열은 {0}입니다. --label {1:으로/로} 알려 주세요',
  'none of its clips is in {0}; say where they are: --clips folder':
    '{0}에 클립이 하나도 없습니다. 어디 있는지 알려 주세요: --clips 폴더',
  'has {0} frame labels for {1} frames; expected one for each frame of the video':
    '프레임 {1}개에 레이블이 {0}개입니다. 비디오의 프레임마다 하나씩 있어야 합니다',
  '{0}, and reads videos. ': '비디오는 FFmpeg으로 읽는데 {0}. ',
  'FFMPEG says {0}, which cannot be run': 'FFMPEG에 적힌 {0:을/를} 실행할 수 없습니다',
  'it is not installed': '설치되어 있지 않습니다',
  'Install it (apt-get install ffmpeg, brew install ffmpeg, winget install ffmpeg) or set FFMPEG to its path. ':
    '설치하거나(apt-get install ffmpeg, brew install ffmpeg, winget install ffmpeg), FFMPEG에 경로를 적으세요. ',
  'Folders of frames, animated GIF and WebP are read without it.':
    '프레임 폴더, 움직이는 GIF와 WebP는 FFmpeg 없이도 읽습니다.',
  'no video': '비디오가 아닙니다',
  'without frames': '프레임이 없습니다',
  'at most {0} pixels a frame': '프레임 하나에 {0}픽셀까지입니다',
  'a still image where a clip is expected': '클립이어야 하는데 정지 이미지입니다',
  'with a frame that cannot be used': '쓸 수 없는 프레임이 있습니다',
  'expected a whole number from 1 to 100000, got {0}': '1에서 100000까지의 정수여야 하는데 {0}입니다',
  'expected frames a second, above 0 and up to 1000, got {0}':
    '초당 프레임 수는 0보다 크고 1000 이하여야 하는데 {0}입니다',
  'frames, rate': 'frames, rate',
  'a number of frames or a number a second, not both': '프레임 수와 초당 프레임 수 가운데 하나만 주세요',
  'no checkpoint is whole: {0}': '온전한 체크포인트가 없습니다: {0}',
  'is not open for writing': '쓰기용으로 열려 있지 않습니다',
  'is not a folder, or a link to one': '폴더가 아니거나 폴더로 가는 링크입니다',
  'has {0} bytes, {1} were saved': '{1}바이트를 저장했는데 {0}바이트입니다',
  'was altered: its SHA-256 is another': '바뀌었습니다: SHA-256이 다릅니다',
  "the state's {0}": '상태의 {0}',
  'a checkpoint cannot hold {0}': '체크포인트에 {0:을/를} 담을 수 없습니다',
  'is cut off, or not a checkpoint': '잘렸거나 체크포인트가 아닙니다',
  'has version {0} of the format, known here is {1}; update unrolled':
    '형식의 버전이 {0}인데 여기서 아는 것은 {1}입니다. unrolled를 업데이트하세요',
  'is not a checkpoint': '체크포인트가 아닙니다',
  'its {0} is missing or not what it has to be': '{0:이/가} 없거나 맞지 않습니다',
  '{0} is {1}': '{0:이/가} {1}입니다',
  '{0}, element {1}': '{0}, {1}번째 원소',
  'is a link; nothing in a run folder may lead out of it':
    '링크입니다. 실행 폴더의 무엇도 폴더 밖으로 나갈 수 없습니다',
  'could not {0} it: {1}': '{0} 하지 못했습니다: {1}',
  'no byte could be written': '한 바이트도 쓰지 못했습니다',
  'is not an ordinary file': '보통 파일이 아닙니다',
  'there is no such folder': '그런 폴더가 없습니다',
  'is a file; a run is the folder that train writes': '파일입니다. 실행은 train이 쓴 폴더입니다',
  'is not a run folder: there is no config.json in it': '실행 폴더가 아닙니다: config.json이 없습니다',
  'is not a configuration': '설정이 아닙니다',
  'is a run of version {0}, known here is {1}; update unrolled':
    '버전 {0}의 실행인데 여기서 아는 것은 {1}입니다. unrolled를 업데이트하세요',
  'is not valid JSON': '올바른 JSON이 아닙니다',
  'cannot be the name of a file of a run: lower-case letters, digits and - only':
    '실행의 파일 이름으로 쓸 수 없습니다: 영어 소문자, 숫자, -만 됩니다',
  'is there already and is not a run; choose another name': '이미 있는데 실행이 아닙니다. 다른 이름을 고르세요',
  'holds a run already; resume it, or choose another name': '이미 실행이 있습니다. 이어서 하거나 다른 이름을 고르세요',
  'is being written by {0}; {1}': '{0:이/가} 쓰고 있습니다. {1}',
  'another process keeps taking its lock': '다른 프로세스가 계속 잠급니다',
  '{0} was removed while the run was written; this process stops':
    '실행을 쓰는 동안 {0:이/가} 지워져 이 프로세스를 멈춥니다',
  'was taken over by {0}; this process stops and changes nothing more':
    '{0:이/가} 가져갔습니다. 이 프로세스는 멈추고 더는 아무것도 바꾸지 않습니다',
  '{0}: cannot be written: {1}': '{0}: 쓸 수 없습니다: {1}',
  'a folder': '폴더',
  'a link': '링크',
  'a pipe': '파이프',
  'a socket': '소켓',
  'a device': '장치',
  'with an empty caption': '빈 캡션',
  'without the name of an image': '이미지 이름 없음',
  'expected { images, annotations } as COCO has it, { images: [{ filename, sentences }] } as Karpathy’s splits have it, or a list of { image, captions }':
    'COCO의 { images, annotations }, Karpathy 분할의 { images: [{ filename, sentences }] }, 또는 { image, captions }의 목록이어야 합니다',
  'of an image that the file does not list': '파일에 적히지 않은 이미지',
  'a link or no ordinary file, which is not read': '링크이거나 보통 파일이 아니라 읽지 않습니다',
  'whose image is not there': '이미지 파일이 없음',
  'missing: an image without a .txt of its name': '없음: 같은 이름의 .txt가 없는 이미지',
  'whose .txt is a link or no ordinary file, which is not read': '.txt가 링크이거나 보통 파일이 아니라 읽지 않음',
  '; if the first line is data and no header, add --no-header':
    '. 첫 줄이 머리글이 아니라 데이터이면 --no-header를 주세요',
  '; there are {0}': '. 있는 것은 {0}입니다',
  'is a folder; name the files in it': '폴더입니다. 안에 있는 파일을 주세요',
  'the run was trained on it, and {0}; bring it back': '이 실행이 학습한 데이터인데 {0}. 제자리에 돌려놓으세요',
  'the run was trained on it, and {0}; bring it back, or name other data: {1}':
    '이 실행이 학습한 데이터인데 {0}. 제자리에 돌려놓거나 다른 데이터를 주세요: {1}',
  'there is no such file (looked in {0})': '그런 파일이 없습니다({0}에서 찾음)',
  'has {0} characters, and a filter has at most {1}': '{0}글자인데 조건은 {1}글자까지입니다',
  'has a zero character': '값이 0인 문자가 있습니다',
  'has more than one statement': '문장이 둘 이상입니다',
  'is more than one condition': '조건이 둘 이상입니다',
  'has {0}, which is not allowed': '{0:은/는} 쓸 수 없습니다',
  'casts to {0}, which is not allowed': '{0:으로/로} 바꾸는 것은 쓸 수 없습니다',
  'calls {0}, which is not allowed': '{0} 호출은 쓸 수 없습니다',
  'a query of its own': '별도의 질의',
  'a part of the kind {0}': '{0} 종류의 구문',
  'there are {0}': '있는 것은 {0}입니다',
  'whose image is outside of the data folder': '이미지가 데이터 폴더 밖에 있음',
  '{0}, row {1}: {2}': '{0}, 행 {1}: {2}',
  'an empty list': '빈 목록',
  'a list whose first is {0}': '첫 원소가 {0}인 목록',
  'an object with nothing in it': '빈 객체',
  'an object with {0}, …': '{0}, …이 있는 객체',
  'an object with {0}': '{0:이/가} 있는 객체',
  'of a format that is not read; convert it to PNG or JPEG': '읽지 못하는 형식입니다. PNG나 JPEG로 바꾸세요',
  'its header is cut off': '머리 부분이 잘렸습니다',
  '{0} are not kept: {1}': '{0:을/를} 보관하지 못합니다: {1}',
  'without a JSON object': 'JSON 객체 없음',
  'not in JSON': 'JSON이 아님',
  'unpacks to more than {0} bytes': '풀면 {0}바이트를 넘습니다',
  'unpacks to more than {0} times its size; unpack it first': '풀면 크기의 {0}배를 넘습니다. 먼저 푸세요',
  '{0}, row {1}, column {2}': '{0}, 행 {1}, 열 {2}',
  '{0}row {1}, column {2} ({3})': '{0}행 {1}, 열 {2} ({3})',
  'without an answer': '답 없음',
  'expected a list of { image, question, answer }, a list of [question, answer, image], the two files of VQA v2, or { questions } as CLEVR has it':
    '{ image, question, answer }의 목록, [question, answer, image]의 목록, VQA v2의 두 파일, 또는 CLEVR의 { questions }여야 합니다',
  'longer than {0} MB': '{0} MB보다 깁니다',
  'with a quote that is not closed': '닫지 않은 따옴표',
  '{0} column': '열 {0}개',
  '{0} columns': '열 {0}개',
  'with {0} where {1} are expected': '{1:이/가} 있어야 하는데 {0}',
  'with more than {0} characters': '{0}글자 초과',
  'not in UTF-8': 'UTF-8이 아닙니다',
  'with frames {0}': '프레임이 {0}',
  'without a name': '이름 없음',
  'without frame labels': '프레임 레이블 없음',
  'its format holds no frames of its own: a playlist, or something else that FFmpeg reads and no camera writes':
    '스스로 프레임을 담지 않는 형식입니다: 재생 목록이거나, FFmpeg은 읽어도 카메라는 쓰지 않는 형식',
  '{0}; step {1} was taken instead': '{0}. 대신 {1}단계를 썼습니다',
  '{0}: is not as it was when the weights were saved: what was measured before may be wrong or missing':
    '{0}: 가중치를 저장할 때와 다릅니다. 앞서 측정한 것이 틀렸거나 빠졌을 수 있습니다',
  'the disk is full; make room and start again, the last checkpoint is unharmed':
    '디스크가 가득 찼습니다. 자리를 만들고 다시 시작하세요. 마지막 체크포인트는 온전합니다',
  'the disk quota is used up; make room and start again, the last checkpoint is unharmed':
    '디스크 할당량을 다 썼습니다. 자리를 만들고 다시 시작하세요. 마지막 체크포인트는 온전합니다',
  'the file system is read-only; a folder elsewhere is named with --out':
    '읽기 전용 파일 시스템입니다. 다른 폴더는 --out으로 지정하세요',
  'permission denied; is the folder of somebody else? Another is named with --out':
    '권한이 없습니다. 다른 사용자의 폴더인가요? 다른 폴더는 --out으로 지정하세요',
  'it is a file, and a folder is expected': '파일입니다. 폴더여야 합니다',
  'too many files are open': '열린 파일이 너무 많습니다',
  'the disk reports an error': '디스크 오류입니다',
  '{0} has the lock of process {1} on {2}; waiting up to a minute to see whether it still runs':
    '{0}: {2}의 프로세스 {1:이/가} 잠갔습니다. 아직 돌고 있는지 길어야 1분 기다려 봅니다',
  'wait for it or stop it': '기다리거나 그 프로세스를 멈추세요',
  'if it is no longer running there, remove {0}': '그곳에서 이미 멈췄다면 {0:을/를} 지우세요',
  'its lock': '잠금 파일',
  'the folder': '폴더',
  'something else': '다른 무언가',
  'this process itself': '이 프로세스 자신',
  ', in another container or boot of it': ', 다른 컨테이너나 다른 부팅',
  'process {0} on {1}{2}': '{1}의 프로세스 {0}{2}',
  'permission is missing': '권한이 없습니다',
  'the disk is read-only': '읽기 전용 디스크입니다',
  'a part of its path is a file': '경로의 일부가 파일입니다',
  'a folder is there': '그 자리에 폴더가 있습니다',
  'its name is too long': '이름이 너무 깁니다',
};

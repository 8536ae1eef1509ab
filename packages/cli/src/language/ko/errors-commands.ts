// Errors of commands, options and runs.

import type { Catalogue } from '../translator.ts';

export const errorsCommands: Catalogue = {
  'there is no {0}; {1}': '{0:은/는} 없습니다. {1}',
  '{0}, configuration file': '{0}, 설정 파일',
  'unknown option; {0}': '모르는 옵션입니다. {0}',
  'expected a name, got a {0}': '이름이어야 하는데 {0}입니다',
  'configuration file': '설정 파일',
  'cannot be read: {0}': '읽을 수 없습니다: {0}',
  'is not JSON: {0}': 'JSON이 아닙니다: {0}',
  'expected a JSON object with the options by their names': '옵션을 이름으로 적은 JSON 객체여야 합니다',
  'name the run folder to write': '쓸 실행 폴더를 알려 주세요',
  'keeps one checkpoint, and a mean needs two; train with --keep-checkpoints 5, or name another run of the model':
    '체크포인트가 하나뿐인데 평균에는 둘이 있어야 합니다. --keep-checkpoints 5로 학습하거나, 같은 모델의 다른 실행을 더하세요',
  'holds no checkpoint yet': '아직 체크포인트가 없습니다',
  'is of another model than {0} ({1}); a mean is of weights that mean the same':
    '{0:과/와} 다른 모델입니다({1}). 뜻이 같은 가중치끼리만 평균 낼 수 있습니다',
  '{0}.json differs': '{0}.json이 다릅니다',
  'there is no {0}': '{0:이/가} 없습니다',
  'there is no demonstration of it; {0}': '이 과제의 데모는 없습니다. {0}',
  'there is no such demonstration; {0}': '그런 데모는 없습니다. {0}',
  'means nothing without --file': '--file 없이는 뜻이 없습니다',
  'name the format to write: {0}': '쓸 형식을 알려 주세요: {0}',
  '{0} is a file; name a folder': '{0:은/는} 파일입니다. 폴더를 알려 주세요',
  '{0} is not empty; name another folder, or give --force':
    '{0:이/가} 비어 있지 않습니다. 다른 폴더를 고르거나 --force를 주세요',
  'name the run folder to write, as --out runs/mine': '쓸 실행 폴더를 --out runs/mine처럼 알려 주세요',
  'expected the certificate of an imported run; unrolled import writes one':
    '가져온 실행의 인증서가 있어야 합니다. unrolled import가 씁니다',
  'is a run of the task {0}; those that can be inspected are {1}':
    '{0} 과제의 실행입니다. 분석할 수 있는 과제는 {1}입니다',
  'means nothing to a run of train {0}: its own data are read':
    'train {0} 실행에서는 뜻이 없습니다. 실행 자신의 데이터를 읽습니다',
  'means nothing to a run of train {0}: it reads no symbols':
    'train {0} 실행에서는 뜻이 없습니다. 기호를 읽지 않습니다',
  'runs every lesson; leave out {0}': '모든 수업을 합니다. {0:을/를} 빼세요',
  'writes a page for each lesson; give its folder with --out': '수업마다 페이지를 씁니다. --out으로 폴더를 알려 주세요',
  'there is no such lesson; {0}': '그런 수업은 없습니다. {0}',
  'expected a file that ends in .html or .svg, got {0}': '.html이나 .svg로 끝나는 파일이어야 하는데 {0}입니다',
  'this lesson has no chart; ask for .html': '이 수업에는 그림이 없습니다. .html로 하세요',
  'expected names with numbers, as "sr=16000", got {0}': '"sr=16000"처럼 이름과 수여야 하는데 {0}입니다',
  'there is no such action; {0}': '그런 작업은 없습니다. {0}',
  'native build: {0}. Without it the WASM kernels are used, with the same results':
    '네이티브 빌드: {0}. 빌드하지 않으면 결과가 같은 WASM 커널을 씁니다',
  'native build: {0} failed; try another one with --compiler':
    '네이티브 빌드: {0:이/가} 실패했습니다. --compiler로 다른 컴파일러를 써 보세요',
  'is a run of {0}': '{0}의 실행입니다',
  'expected files of JSON with {0}, as input.json': 'input.json처럼 {0:이/가} 있는 JSON 파일이어야 합니다',
  'is not readable JSON ({0})': '읽을 수 있는 JSON이 아닙니다({0})',
  'expected an object with {0}': '{0:이/가} 있는 객체여야 합니다',
  'expected lists of one length at each depth': '깊이마다 길이가 같은 목록이어야 합니다',
  'expected at most 64 lists in lists': '목록 안의 목록은 64겹까지입니다',
  'expected numbers in nested lists': '겹친 목록에는 수가 있어야 합니다',
  'is a run of the task {0}, expected {1}; it answers to {2}':
    '{0} 과제의 실행입니다. {1} 과제여야 합니다. 이 실행은 이렇게 씁니다: {2}',
  'would not be read together with --file {0}; leave one of them out':
    '--file {0:과/와} 함께 읽을 수 없습니다. 하나를 빼세요',
  '{0} cannot be read: {1}': '{0:을/를} 읽을 수 없습니다: {1}',
  '{0} cannot be written: {1}': '{0:을/를} 쓸 수 없습니다: {1}',
  'there are {0} trials, from 0 to {1}, got {2}': '시도는 {0}개이고 0에서 {1}까지인데 {2}입니다',
  '{0} is the folder of a sweep already': '{0:은/는} 이미 스윕의 폴더입니다',
  'is not the folder of a sweep: there is no plan.json in it': '스윕의 폴더가 아닙니다: plan.json이 없습니다',
  'trains on synthetic data, and {0} would not be read; leave one of them out':
    '합성 데이터로 학습하므로 {0:은/는} 읽지 않습니다. 하나를 빼세요',
  'trains a second time, and only in one process; leave it out': '프로세스 하나에서만 두 번째 학습을 합니다. 빼세요',
  'expected name=pattern, got {0}': '이름=패턴이어야 하는데 {0}입니다',
  'expected a file that ends in {0}, got {1}': '{0:으로/로} 끝나는 파일이어야 하는데 {1}입니다',
  'its checkpoint says in an unknown form how it was trained further; update unrolled':
    '체크포인트에 이어서 학습한 방법이 모르는 형식으로 적혀 있습니다. unrolled를 업데이트하세요',
  'the first process gives': '첫 프로세스가 주는 값',
  'means nothing to a run of {0}{1}': '{0} 실행에서는 뜻이 없습니다{1}',
  '; what does is {0}': '. 쓸 수 있는 것은 {0}입니다',
  'expected whole numbers with commas between, such as 2000,10000, got {0}':
    '2000,10000처럼 쉼표로 구분한 정수여야 하는데 {0}입니다',
  'was imported, and what it was trained on is not known here; name data with {0}':
    '가져온 실행이라 무엇으로 학습했는지 알 수 없습니다. {0:으로/로} 데이터를 주세요',
  'is not what this run was trained on any more; name other data with {0}':
    '이 실행을 학습한 데이터와 달라졌습니다. {0:으로/로} 다른 데이터를 주세요',
  'nothing was kept for validation; name other data with --file':
    '검증에 남겨 둔 것이 없습니다. --file로 다른 데이터를 주세요',
  "has the graph of a model of another system, which unrolled sample and predict run; unrolled {0} knows the library's own models alone":
    '다른 시스템에서 온 모델의 그래프입니다. unrolled sample과 predict로 돌릴 수 있고, unrolled {0:은/는} 라이브러리 자신의 모델만 압니다',
  'means nothing to {0}, which these data are': '{0} 데이터에서는 뜻이 없습니다',
  '{0} processes need at least {1} of them, got {2}; with --shards {3} each computes two, and {4} processes can take the run over':
    '프로세스 {0}개에는 {1}개 이상 있어야 하는데 {2}입니다. --shards {3}이면 저마다 둘을 계산하고, 프로세스 {4}개로 이 실행을 이어받을 수 있습니다',
  'rank {0} ({1}): {2}': '랭크 {0} ({1}): {2}',
  'the ranks do not agree: {0} is {1} on rank 0 and {2} on rank {3} ({4}); start all of them with the same command, data and version':
    '랭크들이 서로 다릅니다: {0:이/가} 랭크 0에서는 {1}, 랭크 {3}({4})에서는 {2}입니다. 모두 같은 명령, 데이터, 버전으로 시작하세요',
  'holds another run ({0}); choose another --out, or --fresh to begin anew. More --steps train this one further, with another --lr if you like':
    '다른 실행이 있습니다({0}). --out을 바꾸거나, 새로 시작하려면 --fresh를 주세요. 이 실행을 더 학습하려면 --steps를 늘리면 되고 --lr은 바꿔도 됩니다',
  'holds no checkpoint yet: the run was stopped before its first save; start it again':
    '아직 체크포인트가 없습니다. 처음 저장하기 전에 멈춘 실행입니다. 다시 시작하세요',
  'is not read here: the weights were read with their checkpoint':
    '여기서는 읽지 않습니다: 가중치는 체크포인트와 함께 읽었습니다',
  'was not trained here and names data outside of this folder: {0}; name the data to use (--file …), or add --trust-paths to read what it names':
    '이 컴퓨터에서 학습한 실행이 아니고, 이 폴더 밖의 데이터를 가리킵니다: {0}. 쓸 데이터를 주거나(--file …), 가리키는 것을 읽으려면 --trust-paths를 더하세요',
  'was not begun here, and its command may read any file: {0}; start it with its sweep.json and --out, or add --trust-paths to run what it names':
    '이 컴퓨터에서 시작한 스윕이 아니고, 그 명령은 어떤 파일이든 읽을 수 있습니다: {0}. sweep.json과 --out으로 시작하거나, 가리키는 것을 실행하려면 --trust-paths를 더하세요',
  '{0} can be reached by others, and the studio has no key; expected 127.0.0.1, localhost or ::1':
    '{0:은/는} 다른 컴퓨터에서 닿을 수 있는데 스튜디오에는 키가 없습니다. 127.0.0.1, localhost, ::1 가운데 하나여야 합니다',
  'studio: the page is not built; in a clone, run `npm run build`':
    'studio: 페이지가 빌드되어 있지 않습니다. 복제한 저장소에서 `npm run build`를 실행하세요',
  'there is no train {0}; {1}': 'train {0:은/는} 없습니다. {1}',
  'asks for help and trains nothing': '도움말만 보여 주고 아무것도 학습하지 않습니다',
  'unreachable: what was parsed was run': '있을 수 없는 일: 해석한 것은 실행되었습니다',
  'have {0} combinations, and a sweep has at most {1} trials; the method random tries some of them':
    '조합이 {0}개인데 스윕의 시도는 {1}개까지입니다. random 방법은 그 가운데 일부를 해 봅니다',
  'belongs to the sweep as a whole': '스윕 전체의 것입니다',
  'the command has no such option; {0}': '명령에 그런 옵션이 없습니다. {0}',
  'is the same option as {0}': '{0:과/와} 같은 옵션입니다',
  'is no number: give a list of values instead of {0}': '수가 아닙니다: {0} 대신 값의 목록을 주세요',
  'is a whole number: use integer or a list of values instead of {0}':
    '정수입니다: {0} 대신 integer나 값의 목록을 쓰세요',
  'needs to know which of them this is: add --index':
    '이 프로세스가 그 가운데 몇 번째인지 알아야 합니다: --index를 더하세요',
  'say how many indices there are: each has {0} processes here':
    '번호가 몇 개인지 알려 주세요: 여기서는 저마다 프로세스가 {0}개입니다',
  'there are {0} indices ({1}), from 0 to {2}, got {3}': '번호는 {0}개이고({1}) 0에서 {2}까지인데 {3}입니다',
  '{0} does not say how many processes it started; say --index and --processes':
    '{0:은/는} 프로세스를 몇 개 시작했는지 알려 주지 않습니다. --index와 --processes를 주세요',
  '--{0} belongs to the sweep; leave it out': '--{0:은/는} 스윕의 옵션입니다. 빼세요',
  'stands in the command too; leave one out': '명령에도 있습니다. 하나를 빼세요',
  'is the same for all trials that halving compares': '반감이 비교하는 모든 시도에서 같습니다',
  'halving needs --steps: how long the last rung is trained':
    '반감에는 마지막 라운드를 얼마나 학습할지 정하는 --steps가 있어야 합니다',
  'the first rung ends at step {0}, where trials are validated: --eval-every has to divide it, got {1}':
    '첫 라운드는 시도를 검증하는 {0}단계에서 끝나므로 --eval-every가 이 수를 나눠야 하는데 {1}입니다',
  '{0} rungs with eta {1} need at least {2} trials, got {3}':
    'eta {1}, 라운드 {0}번에는 시도가 {2}개 이상 있어야 하는데 {3}개입니다',
  'is not the plan of a sweep': '스윕의 계획이 아닙니다',
  'expected 1, got {0}; update unrolled': '1이어야 하는데 {0}입니다. unrolled를 업데이트하세요',
  'was changed: expected {0}, got {1}': '바뀌었습니다: {0:이/가} 필요한데 {1}입니다',
  'is {0}, and {1} in the sweep that {2} holds; choose another --out, or undo the change':
    '지금은 {0}인데 {2}에 있는 스윕에서는 {1}입니다. --out을 바꾸거나 바꾼 것을 되돌리세요',
  'is not what a trial leaves; remove the file, and start the trial again':
    '시도가 남긴 것이 아닙니다. 파일을 지우고 시도를 다시 시작하세요',
  'expected a training command such as "train text notes.txt --steps 2000", got {0}':
    '"train text notes.txt --steps 2000" 같은 학습 명령이어야 하는데 {0}입니다',
  'expected train and a task, got {0}': 'train과 과제여야 하는데 {0}입니다',
  'a grid has a trial for each combination; leave it out': '격자는 조합마다 시도가 하나입니다. 빼세요',
  'is for the method halving; here it is {0}': 'halving 방법에 쓰는 것인데 지금은 {0}입니다',
  'name at least one option and its values': '옵션 하나 이상과 그 값들을 적으세요',
  'expected texts, numbers, true, false or null, got {0}': '글, 수, true, false, null 가운데 하나여야 하는데 {0}입니다',
  'has {0} twice': '{0:이/가} 두 번 있습니다',
  'expected a JSON object, got {0}': 'JSON 객체여야 하는데 {0}입니다',
  'unknown field; {0}': '모르는 항목입니다. {0}',
  'expected a whole number from {0}{1}, got {2}': '{0}{1} 이상의 정수여야 하는데 {2}입니다',
  'compares validations, and these trials have none: their command keeps no data for it':
    '검증을 비교하는데 이 시도들에는 검증이 없습니다. 명령이 검증할 데이터를 남기지 않습니다',
  'unreachable: every run ends with an end event': '있을 수 없는 일: 모든 실행은 end 이벤트로 끝납니다',
  'a validation of these trials has no {0}; it has {1}. Name one of them, and begin with another --out':
    '이 시도들의 검증에는 {0:이/가} 없습니다. 있는 것은 {1}입니다. 그 가운데 하나를 고르고 다른 --out으로 시작하세요',
  'has a quote or a backslash without its end: {0}': '닫지 않은 따옴표나 역슬래시가 있습니다: {0}',
  'is no line for a shell: {0} means nothing here': '셸 명령이 아닙니다: 여기서 {0:은/는} 뜻이 없습니다',
  'is a run of the task {0}, which is not known here; {1}': '{0} 과제의 실행인데, 여기서는 모르는 과제입니다. {1}',
  'means nothing without {0}': '{0} 없이는 뜻이 없습니다',
  'means nothing with {0}': '{0:과/와} 함께는 뜻이 없습니다',
  'is for {0} {1}; here it is {2}': '{0} {1}에 쓰는 것인데 지금은 {2}입니다',
  'a text': '글',
  'true or false': 'true나 false',
  'a decimal number': '십진수',
  'a whole number': '정수',
  'a number': '수',
  'a whole number to {0}': '{0} 이하의 정수',
  'a number to {0}': '{0} 이하의 수',
  'a whole number above {0}': '{0}보다 큰 정수',
  'a number above {0}': '{0}보다 큰 수',
  'a whole number from {0}': '{0} 이상의 정수',
  'a number from {0}': '{0} 이상의 수',
  'a whole number above {0} to {1}': '{0}보다 크고 {1} 이하인 정수',
  'a number above {0} to {1}': '{0}보다 크고 {1} 이하인 수',
  'a whole number from {0} to {1}': '{0}에서 {1}까지의 정수',
  'a number from {0} to {1}': '{0}에서 {1}까지의 수',
  'has no index.json, by which a page finds its checkpoints; continue it once with this version, which writes one':
    '페이지가 체크포인트를 찾는 index.json이 없습니다. 이 버전으로 한 번 이어서 학습하면 써 줍니다',
  'stories that unrolled makes': 'unrolled가 만든 이야기',
  'the declaration files': '선언 파일',
  'the declaration files of the TypeScript compiler': 'TypeScript 컴파일러의 선언 파일',
  'the declaration files of Node': 'Node의 선언 파일',
  'new inputs whose output is right, to the last symbol': '마지막 기호까지 출력이 맞은 새 입력의 비율',
  'new images whose caption is right, word for word': '단어까지 모두 맞은 새 이미지 캡션의 비율',
  'bits per character of text that was not trained on': '학습하지 않은 글의 글자당 비트 수',
  'new reviews whose label is right': '레이블을 맞힌 새 리뷰의 비율',
  'new drawings whose figure is right': '도형을 맞힌 새 그림의 비율',
  'characters of new texts whose tag is right': '태그를 맞힌 새 글 속 글자의 비율',
  'steps of new recordings whose activity is right': '활동을 맞힌 새 기록 속 단계의 비율',
  'mean squared error of standardized values': '표준화한 값의 평균 제곱 오차',
  'mean squared error of the sum': '합의 평균 제곱 오차',
  'new sequences whose order is right': '순서를 맞힌 새 시퀀스의 비율',
  'symbols that are reproduced': '다시 써낸 기호의 비율',
  'strings whose every prediction is legal': '모든 예측이 문법에 맞은 문자열의 비율',
  'longer rows whose parity is right': '패리티를 맞힌 더 긴 비트열의 비율',
  'questions about new images whose answer is right': '답을 맞힌, 새 이미지에 관한 질문의 비율',
  'new clips whose motion is right': '움직임을 맞힌 새 클립의 비율',
  '{0}: {1} in the run, {2} asked for': '{0}: 실행은 {1}, 지금 바란 것은 {2}',
  'a SHA-256': 'SHA-256',
  'one of {0}': '{0} 가운데 하나',
  '{0}, or null': '{0} 또는 null',
  'a list of which each is {0}': '원소가 모두 {0}인 목록',
  ', or ': ' 또는 ',
  'an object': '객체',
  'is missing': '없습니다',
  'expected "unrolled run", got {0}': '"unrolled run"이어야 하는데 {0}입니다',
  'is an imported network that reads and gives tensors; unrolled predict runs it, and openRun of the library':
    '텐서를 읽고 주는, 가져온 신경망입니다. unrolled predict와 라이브러리의 openRun으로 돌립니다',
  'there is no task {0}; {1}': '{0}이라는 과제는 없습니다. {1}',
  '{0} as {1}': '{1:으로/로} 쓴 {0}',
  'config.json has fields that are not known here and were not used: {0}; a newer unrolled may have written them':
    'config.json에 모르는 항목이 있어 쓰지 않았습니다: {0}. 더 새로운 unrolled가 썼을 수 있습니다',
  'rank 0': '랭크 0',
  '{0} (its validation part)': '{0} (검증 부분)',
  'number sequences': '숫자 시퀀스',
  'Karpathy, min-char-rnn (gist d4dee566867f8291f086)': 'Karpathy, min-char-rnn (gist d4dee566867f8291f086)',
  'initial weights are uniform in ±1/√H; the gist draws them from N(0, 0.01²)':
    '초기 가중치는 ±1/√H의 균등 분포입니다. gist는 N(0, 0.01²)에서 뽑습니다',
  'Karpathy, char-rnn (2015), the defaults of train.lua': 'Karpathy, char-rnn (2015), train.lua의 기본값',
  'the learning rate stays; train.lua multiplies it by 0.97 after every epoch from the 10th on':
    '학습률이 그대로입니다. train.lua는 10번째 에포크부터 에포크마다 0.97을 곱합니다',
  'Keras, examples/addition_rnn.py': 'Keras, examples/addition_rnn.py',
  'sources of different lengths are not padded with spaces, and targets end with a token':
    '길이가 다른 원문을 공백으로 채우지 않고, 목표는 토큰 하나로 끝납니다',
  'Sutskever, Vinyals and Le 2014, Sequence to Sequence Learning with Neural Networks':
    'Sutskever, Vinyals, Le 2014, Sequence to Sequence Learning with Neural Networks',
  'the learning rate stays; the paper halves it every half epoch after the fifth. The gradient is the mean over tokens, there over sentences':
    '학습률이 그대로입니다. 논문은 다섯 번째 에포크 뒤 반 에포크마다 절반으로 줄입니다. 기울기는 토큰의 평균이고, 논문은 문장의 평균입니다',
  'Bahdanau, Cho and Bengio 2015, RNNsearch-50': 'Bahdanau, Cho, Bengio 2015, RNNsearch-50',
  'Adam in place of Adadelta, and a tanh of 1000 units in place of a maxout of 500 before the softmax':
    'Adadelta 대신 Adam을 쓰고, 소프트맥스 앞에 maxout 500개 대신 tanh 1000개를 둡니다',
  'Xu et al. 2015, Show, Attend and Tell, soft attention, as trained on Flickr30k':
    'Xu 등 2015, Show, Attend and Tell, 소프트 어텐션, Flickr30k에서 학습한 대로',
  'the CNN is trained along unless features are given (--features); the paper takes those of a VGG network':
    '특징(--features)을 주지 않으면 CNN도 함께 학습합니다. 논문은 VGG 신경망의 특징을 씁니다',
  'rank {0}: {1}': '랭크 {0}: {1}',
  'npx {0}': 'npx {0}',
  'trial {0} {1}': '시도 {0} {1}',
  '{0}, parameters': '{0}, 매개변수',
  'Slurm array': 'Slurm 배열',
  'Kubernetes Job': 'Kubernetes Job',
  'one for each trial': '시도마다 하나',
  'index {0} of {1}': '{1}의 번호 {0}',
  'rank {0} of {1}': '랭크 {0}/{1}',
  'no improvement': '나아지지 않음',
  'expected loss or the name of a metric, got {0}': 'loss나 지표의 이름이어야 하는데 {0}입니다',
  'expected minimize or maximize for the metric {0}, got {1}':
    '지표 {0:은/는} minimize나 maximize여야 하는데 {1}입니다',
  'expected a list of values or a distribution such as { "log-uniform": [1e-4, 1e-2] }, got {0}':
    '값의 목록이나 { "log-uniform": [1e-4, 1e-2] } 같은 분포여야 하는데 {0}입니다',
  'expected one distribution, got {0}': '분포 하나여야 하는데 {0}입니다',
  'there is no distribution {0}; {1}': '분포 {0:은/는} 없습니다. {1}',
  'a grid needs a list of values; {0} is for the methods random and halving':
    '격자에는 값의 목록이 있어야 합니다. {0:은/는} random과 halving 방법의 것입니다',
  'expected {0} of two whole numbers, the lower one first, got {1}':
    '{0:은/는} 정수 둘, 작은 것부터여야 하는데 {1}입니다',
  'expected {0} of two numbers, the lower one first, got {1}': '{0:은/는} 수 둘, 작은 것부터여야 하는데 {1}입니다',
  'log-uniform needs numbers above 0, got {0}': 'log-uniform에는 0보다 큰 수가 있어야 하는데 {0}입니다',
  ' to {0}': '에서 {0}까지',
  'the disk is full': '디스크가 가득 찼습니다',
  'the quota is used up': '할당량을 다 썼습니다',
  'the device reports an error': '장치 오류입니다',
  'standard output: cannot be written: {0}; what was written of it so far is not whole':
    '표준 출력: 쓸 수 없습니다: {0}. 지금까지 쓴 것은 온전하지 않습니다',
};

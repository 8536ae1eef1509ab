// Errors of the library about models, training and pipelines.

import type { Catalogue } from '../translator.ts';

export const libraryModels: Catalogue = {
  'expected a whole number from 1 to {0}, the number of beams, got {1}':
    '1에서 빔의 수인 {0}까지의 정수여야 하는데 {1}입니다',
  'the score of symbol {0}': '기호 {0}의 점수',
  'a score at length {0} is NaN': '길이 {0}의 점수가 NaN입니다',
  'expected a whole number from 0, got {0}': '0 이상의 정수여야 하는데 {0}입니다',
  'expected the number of a symbol or null, got {0}': '기호의 번호나 null이어야 하는데 {0}입니다',
  'expected a list of numbers of symbols, got {0}': '기호 번호의 목록이어야 하는데 {0}입니다',
  'expected at most maxLength {0}, got {1}': 'maxLength {0} 이하여야 하는데 {1}입니다',
  'expected a number above 0, got {0}; for the most probable symbol use greedy':
    '0보다 큰 수여야 하는데 {0}입니다. 확률이 가장 높은 기호를 고르려면 greedy를 쓰세요',
  'expected a probability in (0, 1], got {0}': '(0, 1]의 확률이어야 하는데 {0}입니다',
  'expected a fraction in [0, 1], got {0}': '[0, 1]의 비율이어야 하는데 {0}입니다',
  'Sampler: {0}': 'Sampler: {0}',
  'Nothing was sampled': '아무것도 뽑지 않았습니다',
  'expected a number above 0, got {0}': '0보다 큰 수여야 하는데 {0}입니다',
  'sequence {0} has {1} numbers, which are not whole steps of {2}':
    '시퀀스 {0}의 수 {1}개가 {2}개짜리 단계로 나뉘지 않습니다',
  'step {0}, caption {1}: expected a region from 0 to {2}, got {3}':
    '{0}단계, 캡션 {1}: 영역은 0에서 {2}까지여야 하는데 {3}입니다',
  'lack {0}': '{0:이/가} 없습니다',
  '[{0}] or [{1}]': '[{0}] 또는 [{1}]',
  '{0}: expected {1} numbers for its shape, got {2}': '{0}: 모양에 맞는 수 {1}개가 있어야 하는데 {2}개입니다',
  "CS231n's layout is for features, form 'initial' and the cells rnn and lstm":
    "CS231n의 구성은 특징, 'initial' 형식, rnn과 lstm 셀에만 있습니다",
  '[P, {0}, h, w], or what the encoder made of them, {1}': '[P, {0}, h, w], 또는 인코더가 그것으로 만든 {1}',
  '[P, R, {0}] or [P, {1}]': '[P, R, {0}] 또는 [P, {1}]',
  'unknown cell {0}; {1}': '모르는 셀 {0}. {1}',
  "it is a part of the residual block: block: 'residual'": "잔차 블록의 일부입니다: block: 'residual'",
  'expected one stage or more': '단계가 하나는 있어야 합니다',
  'expected at most {0} stages, as many as channels has, got {1}':
    'channels의 수인 {0}단계까지여야 하는데 {1}단계입니다',
  'expected height and width, got {0}': '높이와 너비여야 하는데 {0}입니다',
  'expected 2 or 3, got {0}': '2나 3이어야 하는데 {0}입니다',
  'a residual block has windows of 3 pixels; leave one of them out': '잔차 블록의 창은 3픽셀입니다. 하나를 빼세요',
  '{0} stages leave nothing of {1} pixels': '{0}단계를 거치면 {1}픽셀에서 남는 것이 없습니다',
  "belong to the loss 'quantile', and it is '{0}'": "손실 'quantile'에 쓰는 것인데 손실이 '{0}'입니다",
  'expected rising numbers between 0 and 1, got [{0}]': '0과 1 사이의 커지는 수들이어야 하는데 [{0}]입니다',
  "'linear' says all steps at once, which a recursive forecast does not; take 'last'":
    "'linear'는 모든 단계를 한 번에 예측하는데 recursive 예측은 그러지 않습니다. 'last'를 쓰세요",
  'has {0} channels, and the model {1}': '채널이 {0}개인데 모델은 {1}개입니다',
  'column {0} has a deviation of {1}, and squares of errors like that are no numbers; divide the column by a constant':
    '열 {0}의 표준편차가 {1:이라고/라고} 나와 오차의 제곱을 수로 담을 수 없습니다. 열을 상수로 나누세요',
  'a target': '목표',
  'target values': '목표 값',
  'input values': '입력 값',
  'known values': '미리 아는 값',
  'expected numbers, got {0}': '수여야 하는데 {0}입니다',
  'the model reads nothing that is known in advance; make it with known: n':
    '모델이 미리 아는 값을 읽지 않습니다. known: n으로 만드세요',
  'the model reads {0} numbers a step that are known in advance: [{1}]':
    '모델이 단계마다 미리 아는 수 {0}개를 읽습니다: [{1}]',
  'lacks {0} {1}': '{0}의 {1:이/가} 없습니다',
  '{0}: expected numbers above 0, got {1}': '{0}: 0보다 큰 수여야 하는데 {1}입니다',
  'describes a pretrained network; give the network itself, new GraphEncoder(options) of unrolled/graph':
    '미리 학습한 신경망의 설정입니다. 신경망 자체, unrolled/graph의 new GraphEncoder(options)를 주세요',
  'embeddingDim {0} must equal hiddenSize {1}': 'embeddingDim {0:은/는} hiddenSize {1:과/와} 같아야 합니다',
  'expected a LanguageModel, got {0}': 'LanguageModel이어야 하는데 {0}입니다',
  'prompt {0} has no symbols; give it at least one': '글 {0}에 기호가 없습니다. 하나는 주세요',
  '{0} decodes in float32 only': '{0:은/는} float32로만 풉니다',
  '{0} in blocks decodes in float32 only': '블록 안의 {0:은/는} float32로만 풉니다',
  ' in blocks': ' 블록 안의',
  'expected one from 0 to {0}, got {1}': '0에서 {0}까지의 하나여야 하는데 {1}입니다',
  'only an LSTM has a forget gate of its own, and the cell is {0}': '망각 게이트는 LSTM에만 있는데 셀이 {0}입니다',
  'type {0} is not known; {1}': '모르는 종류 {0}. {1}',
  'expected {0}, got {1}; modelOf(config) finds the class of a type':
    '{0:이/가} 필요한데 {1}입니다. modelOf(config)가 종류에 맞는 클래스를 찾아 줍니다',
  "needs the scores of all classes, which output '{0}' avoids":
    "모든 클래스의 점수가 필요한데, 출력 '{0}'에서는 그것을 계산하지 않습니다",
  '{0} has no packed form': '{0:은/는} 묶은 형태가 없습니다',
  'expected a number between 0 and 1, got {0}': '0과 1 사이의 수여야 하는데 {0}입니다',
  'expected a number from 1, got {0}': '1 이상의 수여야 하는데 {0}입니다',
  'expected a number from 0 to 1, got {0}': '0에서 1까지의 수여야 하는데 {0}입니다',
  'vocabularySize, inputSize': 'vocabularySize, inputSize',
  'expected one of them, for a model of tokens or of numbers, got none':
    '토큰 모델이나 수 모델을 위해 둘 가운데 하나가 있어야 하는데 없습니다',
  'expected one of them, for a model of tokens or of numbers, got both':
    '토큰 모델이나 수 모델을 위해 둘 가운데 하나만 있어야 하는데 둘 다 있습니다',
  'a model that also reads from the end needs the whole sequence at once':
    '끝에서부터도 읽는 모델은 시퀀스 전체를 한 번에 읽어야 합니다',
  'expected numbers [T, B, {0}], got int32; cast them, or make the model with vocabularySize for tokens':
    '수 [T, B, {0}]여야 하는데 int32입니다. 형을 바꾸거나, 토큰이면 vocabularySize로 모델을 만드세요',
  'expected int32 tokens [T, B], got {0}': 'int32 토큰 [T, B]여야 하는데 {0}입니다',
  'belong to tokens: it needs vocabularySize, not inputSize':
    '토큰의 것입니다: inputSize가 아니라 vocabularySize가 있어야 합니다',
  'convNet, featureSize': 'convNet, featureSize',
  'expected one of them, for pixels or for features, got {0}':
    '픽셀이나 특징을 위해 둘 가운데 하나여야 하는데 {0}입니다',
  'expected map or pooled, got {0}': 'map이나 pooled여야 하는데 {0}입니다',
  'a pretrained network reads frames alone, without what changed in them':
    '미리 학습한 신경망은 프레임만 읽고 프레임 사이의 변화는 읽지 않습니다',
  'expected numbers [T, B, frame], got int32; cast them': '수 [T, B, 프레임]이어야 하는데 int32입니다. 형을 바꾸세요',
  'form map goes from place to place: {0}': 'map 형식은 자리마다 갑니다: {0}',
  'form map has 1, got {0}': 'map 형식은 1인데 {0}입니다',
  'form map has no recurrent layer, on whose connections it would act':
    'map 형식에는 순환층이 없어 순환 연결에 쓸 수 없습니다',
  'a question-only model reads no images': '질문만 보는 모델은 이미지를 읽지 않습니다',
  'expected int32 questions [T, B], got {0}': 'int32 질문 [T, B]여야 하는데 {0}입니다',
  'form {0} looks at images, and none are there': '{0} 형식은 이미지를 보는데 이미지가 없습니다',
  'images, one for each question,': '질문마다 하나씩인 이미지,',
  'form map goes word by word, and this is {0}': 'map 형식은 단어마다 가는데 이것은 {0}입니다',
  'session state': '세션의 상태',
  'has not the size of this model’s state': '이 모델의 상태와 크기가 다릅니다',
  'holds no checkpoint: the run was stopped before its first save, or only a part of it is here':
    '체크포인트가 없습니다: 처음 저장하기 전에 멈췄거나, 일부만 있습니다',
  'is not UTF-8': 'UTF-8이 아닙니다',
  'has version {0}, known here is 1; update unrolled':
    '버전이 {0}인데 여기서 아는 것은 1입니다. unrolled를 업데이트하세요',
  'is not the index of a run': '실행의 목록이 아닙니다',
  'has no SHA-256 of {0}': '{0}의 SHA-256이 없습니다',
  '{0} holds {1} at {2}': '{0:은/는} {2}에 {1:이/가} 있습니다',
  'model.input.{0}: expected {1}, got {2}': 'model.input.{0}: {1:이/가} 필요한데 {2}입니다',
  '{0}: expected a number, got {1}': '{0}: 수여야 하는데 {1}입니다',
  'is a run of the task memory, which tests a network and has nothing to be asked; measure it with unrolled eval':
    '신경망을 시험하는 memory 과제의 실행이라 물어볼 것이 없습니다. unrolled eval로 측정하세요',
  'is a run of the task {0}, which is not known here; update unrolled':
    '{0} 과제의 실행인데, 여기서는 모르는 과제입니다. unrolled를 업데이트하세요',
  'model.input.graph.{0}: expected {1}, got {2}': 'model.input.graph.{0}: {1:이/가} 필요한데 {2}입니다',
  'does not say where in a clip it stands': '클립의 어디인지 적혀 있지 않습니다',
  'this model also reads from the end (bidirectional) and needs whole clips':
    '이 모델은 끝에서부터도 읽으므로(양방향) 클립 전체가 있어야 합니다',
  'this model reads features of another network, and no frames':
    '이 모델은 다른 신경망의 특징을 읽고 프레임은 읽지 않습니다',
  'this model sees a certain number of frames of a clip, and needs whole clips':
    '이 모델은 클립에서 정해진 수의 프레임을 보므로 클립 전체가 있어야 합니다',
  'one-hot rows of {0} symbols for {1} steps are more than {2} values':
    '{1}단계, 기호 {0}개의 원-핫 행은 값 {2}개를 넘습니다',
  'output {0}: expected scores of each row or step, a tensor of 2 or 3 axes':
    '출력 {0}: 행이나 단계마다의 점수, 축이 2개나 3개인 텐서여야 합니다',
  'expected finite numbers for {0}': '{0}의 값은 유한한 수여야 합니다',
  'expected ids below {0}': 'id는 {0}보다 작아야 합니다',
  'gives scores [{0}], expected [{1}, {2}]': '점수가 [{1}, {2}]여야 하는데 [{0}]입니다',
  'learned from features of another network and reads no images; give it a set of features { count, read }':
    '다른 신경망의 특징으로 학습해 이미지를 읽지 않습니다. 특징 { count, read }를 주세요',
  '{0}: image files cannot be decoded here; install sharp, give pixels { data, width, height }, or pass decodeImage':
    '{0}: 여기서는 이미지 파일을 풀 수 없습니다. sharp를 설치하거나, 픽셀 { data, width, height }를 주거나, decodeImage를 넘기세요',
  'is not an image that this page can decode': '이 페이지가 풀 수 있는 이미지가 아닙니다',
  'is too large: {0} × {1} pixels': '너무 큽니다: {0} × {1}픽셀',
  'this page has no 2d canvas': '이 페이지에는 2d 캔버스가 없습니다',
  'is a bitmap of a page': '페이지의 비트맵입니다',
  'is not an image that can be used: {0}': '쓸 수 있는 이미지가 아닙니다: {0}',
  'too large, {0} × {1} pixels': '너무 큽니다, {0} × {1}픽셀',
  'expected pixels { data, width, height }, bytes or a Blob, got {0}':
    '픽셀 { data, width, height }, 바이트, Blob 가운데 하나여야 하는데 {0}입니다',
  'the decoder gave {0}, expected a Uint8Array of RGB bytes':
    '디코더가 준 것이 RGB 바이트의 Uint8Array여야 하는데 {0}입니다',
  'the decoder gave {0} bytes, expected {1} × {2} × 3': '디코더가 준 것이 {1} × {2} × 3이어야 하는데 {0}바이트입니다',
  'expected a width and a height from 1, got {0} × {1}': '너비와 높이는 1 이상이어야 하는데 {0} × {1}입니다',
  'expected {0} × {1} pixels of 1, 3 or 4 channels, got {2} bytes':
    '채널이 1, 3, 4개인 {0} × {1}픽셀이어야 하는데 {2}바이트입니다',
  'expected ids of the host': '호스트의 id여야 합니다',
  'expected a model of text': '글의 모델이어야 합니다',
  'is not the certificate of a conversion': '변환의 인증서가 아닙니다',
  'the model does not compute what was certified: {0}': '모델이 인증된 것과 다르게 계산합니다: {0}',
  'does not fit the model: {0}': '모델과 맞지 않습니다: {0}',
  'expected a {0}, got {1}': '{0:이/가} 필요한데 {1}입니다',
  'is not valid JSON ({0})': '올바른 JSON이 아닙니다({0})',
  'is not a path inside of a run': '실행 안의 경로가 아닙니다',
  'is not a run: there is no config.json in it': '실행이 아닙니다: config.json이 없습니다',
  'holds several runs ({0}); give one of them': '실행이 여럿입니다({0}). 하나를 주세요',
  'expected a list of {0} texts, as many as the model has outputs':
    '글 {0}개의 목록이어야 합니다. 모델의 출력만큼 있어야 합니다',
  'is not the file that the checkpoint was saved with: the weights do not belong to it':
    '체크포인트와 함께 저장한 파일이 아닙니다: 가중치가 맞지 않습니다',
  'is not the configuration of a run': '실행의 설정이 아닙니다',
  'has no task or no model': '과제나 모델이 없습니다',
  'text {0}: expected a string, got {1}': '글 {0}: 문자열이어야 하는데 {1}입니다',
  'expected those of all inputs, or {0}, one for each; got {1}':
    '모든 입력에 대한 옵션 하나, 또는 입력마다 하나씩 {0}개여야 하는데 {1}개입니다',
  'expected at most maxTokens {0}, got {1}': 'maxTokens {0} 이하여야 하는데 {1}입니다',
  'expected at most beams {0}, got {1}': 'beams {0} 이하여야 하는데 {1}입니다',
  'expected a list of files, got {0}': '파일의 목록이어야 하는데 {0}입니다',
  'expected at most {0} files': '파일은 {0}개까지여야 합니다',
  'expected a file, got {0}': '파일이어야 하는데 {0}입니다',
  'a folder can be read in Node; in a page give a URL, dropped files or a zip':
    '폴더는 Node에서 읽을 수 있습니다. 페이지에서는 URL, 끌어다 놓은 파일, zip을 주세요',
  'is not a folder': '폴더가 아닙니다',
  'is a link that leads out of the folder': '폴더 밖으로 나가는 링크입니다',
  'expected a folder, a URL, files or a zip, got {0}': '폴더, URL, 파일, zip 가운데 하나여야 하는데 {0}입니다',
  'the server answered with status {0}': '서버가 상태 {0:으로/로} 응답했습니다',
  'there is no such file': '그런 파일이 없습니다',
  'is not JSON ({0})': 'JSON이 아닙니다({0})',
  'is not JSON: got {0}': 'JSON이 아닙니다: {0}',
  'this host has no fetch': '이 환경에는 fetch가 없습니다',
  'could not be fetched ({0})': '가져올 수 없습니다({0})',
  'is not the index of a run: it has no list of files': '실행의 목록이 아닙니다: 파일 목록이 없습니다',
  'does not say how long {0} is': '{0}의 길이가 적혀 있지 않습니다',
  'is not there, and a server does not list its files. Runs of older versions have no index: open the run folder for writing once with this version (continue the run, or run eval on it), or serve it as a zip':
    '거기 없고, 서버는 파일 목록을 주지 않습니다. 예전 버전의 실행에는 목록이 없습니다. 이 버전으로 실행 폴더를 한 번 쓰기용으로 열거나(이어서 학습하거나 eval), zip으로 제공하세요',
  'is handed out by models of saved runs, and this is {0}; save it first':
    '저장된 실행의 모델만 주는 것인데 이것은 {0}입니다. 먼저 저장하세요',
  'expected bytes, got {0}': '바이트여야 하는데 {0}입니다',
  'is not the state of a session': '세션의 상태가 아닙니다',
  'has version {0}, known here is {1}; update unrolled':
    '버전이 {0}인데 여기서 아는 것은 {1}입니다. unrolled를 업데이트하세요',
  'is of the task {0}, not {1}': '{1:이/가} 아니라 {0} 과제의 것입니다',
  'is of another model than {0}: the weights have another SHA-256':
    '{0:과/와} 다른 모델의 것입니다: 가중치의 SHA-256이 다릅니다',
  'does not say where it stands': '어디인지 적혀 있지 않습니다',
  'holds numbers that a state cannot have': '상태에 있을 수 없는 수가 있습니다',
  'is a run of {0}, expected {1}; openRun opens any': '{0}의 실행인데 {1:이/가} 필요합니다. openRun은 무엇이든 엽니다',
  'the network has no states; predict reads a whole sequence':
    '신경망에 상태가 없습니다. predict가 시퀀스 전체를 읽습니다',
  'expected whole numbers, got {0}': '정수여야 하는데 {0}입니다',
  '{0}, {1} values': '{0}, 값 {1}개',
  'the batch has its {0} texts; wait until one is done': '배치에 글 {0}개가 다 찼습니다. 하나가 끝날 때까지 기다리세요',
  'expected at most {0}, got {1}': '{0} 이하여야 하는데 {1}입니다',
  'symbol {0}: expected 0 to {1}, got {2}': '기호 {0}: 0에서 {1}까지여야 하는데 {2}입니다',
  'expected a text or a list, got {0}': '글이나 목록이어야 하는데 {0}입니다',
  'has {0} symbols, and the model {1}': '기호가 {0}개인데 모델은 {1}개입니다',
  'a graph of another system generates in float32 only': '다른 시스템에서 온 그래프는 float32로만 생성합니다',
  'a graph of another system does not say what its recurrent layers put out':
    '다른 시스템에서 온 그래프는 순환층이 무엇을 내는지 알려 주지 않습니다',
  'has no scores': '점수가 없습니다',
  'has {0} numbers in a step, and the model reads {1}': '한 단계에 수가 {0}개인데 모델은 {1}개를 읽습니다',
  'expected a model that reads {0} numbers in a step, got {1}': '한 단계에 수 {0}개를 읽는 모델이어야 하는데 {1}입니다',
  'one of tokens': '토큰의 모델',
  'expected a list of sequences, got {0}': '시퀀스의 목록이어야 하는데 {0}입니다',
  'expected its steps, or an object of its features, got {0}': '단계들이나 특징의 객체여야 하는데 {0}입니다',
  'expected at least one step, got none': '단계가 하나는 있어야 합니다',
  'expected {0} numbers ({1}), got {2}': '수 {0}개({1})여야 하는데 {2}입니다',
  'there is no feature {0}; the model reads {1}': '특징 {0:은/는} 없습니다. 모델이 읽는 것은 {1}입니다',
  'expected numbers of the feature {0}, got {1}': '특징 {0}의 수여야 하는데 {1}입니다',
  'features of one length expected: {0} has {1} steps, {2} {3}':
    '특징의 길이가 같아야 합니다: {0:은/는} {1}단계, {2:은/는} {3}단계입니다',
  'expected a number, or null for a missing value, got {0}': '수이거나, 결측값이면 null이어야 하는데 {0}입니다',
  'expected error or fill, got {0}': 'error나 fill이어야 하는데 {0}입니다',
  'column {0} has {1} rows, and another {2}': '열 {0:은/는} {1}행인데 다른 열은 {2}행입니다',
  'the model reads {0} rows, and there are {1}': '모델이 {0}행을 읽는데 {1}행뿐입니다',
  '{0} is known in advance: expected {1} rows, those of the series and {2} more, got {3}':
    '{0:은/는} 미리 아는 값입니다: 시계열의 행과 {2}행을 더해 {1}행이어야 하는데 {3}행입니다',
  'does not name the columns of the series': '시계열의 열 이름이 없습니다',
  'names {0} and {1} columns, and the model reads {2} and {3}':
    '열 이름이 {0}개와 {1}개인데 모델은 {2}개와 {3}개를 읽습니다',
  'column {0} is missing; there are {1}': '열 {0:이/가} 없습니다. 있는 것은 {1}입니다',
  'column {0}, row {1}: expected a number, got {2}': '열 {0}, 행 {1}: 수여야 하는데 {2}입니다',
  'the model reads characters: give their vocabulary': '모델이 글자를 읽습니다: 글자의 어휘를 주세요',
  'the model reads no characters: leave it out': '모델이 글자를 읽지 않습니다: 빼세요',
  'this model also reads from the end (bidirectional) and needs whole texts':
    '이 모델은 끝에서부터도 읽으므로(양방향) 글 전체가 있어야 합니다',
  'expected a text, or a list of texts or of lists of tokens, got {0}':
    '글이거나, 글의 목록이거나, 토큰 목록의 목록이어야 하는데 {0}입니다',
  'text {0}: expected a text or a list of tokens, got {1}': '글 {0}: 글이나 토큰의 목록이어야 하는데 {1}입니다',
  'expected a list of tokens, got {0}': '토큰의 목록이어야 하는데 {0}입니다',
  'token {0}: expected a string, got {1}': '토큰 {0}: 문자열이어야 하는데 {1}입니다',
  'the decoder {0} attends to no source token that could be copied':
    '디코더 {0:은/는} 옮겨 쓸 원문 토큰에 주의를 주지 않습니다',
  'learned from frames and reads no features; give { frames: […] }':
    '프레임으로 학습해 특징을 읽지 않습니다. { frames: […] }를 주세요',
  'clip {0}': '클립 {0}',
  'expected {0} features a frame, got {1} numbers': '프레임마다 특징 {0}개여야 하는데 수 {1}개입니다',
  'learned from features of another network and reads no frames; give { features }':
    '다른 신경망의 특징으로 학습해 프레임을 읽지 않습니다. { features }를 주세요',
  'expected { frames: […] } with at least one frame': '프레임이 하나는 있는 { frames: […] }여야 합니다',
  'a model of form map attends to an image word by word, and this is {0}':
    'map 형식의 모델만 단어마다 이미지에 주의를 주는데 이것은 {0}입니다',
  'is not the question-only baseline of a run': '질문만 보는 기준선의 실행이 아닙니다',
  'expected a number from 0, below 1, got {0}': '0 이상 1 미만의 수여야 하는데 {0}입니다',
  'expected a row for each of {0} labels, got {1} numbers': '레이블 {0}개마다 한 행이어야 하는데 수가 {1}개입니다',
  'expected a whole number, got {0}': '정수여야 하는데 {0}입니다',
  "expected 'joint', 'frozen' or { after: epochs }, got {0}":
    "'joint', 'frozen', { after: 에포크 } 가운데 하나여야 하는데 {0}입니다",
  '{0} is measured on captions: validation and caption are needed':
    '{0:은/는} 캡션에서 잽니다: validation과 caption이 있어야 합니다',
  'captions {0}': '캡션 {0}',
  'images {0}': '이미지 {0}',
  '{0} was not measured; there are {1}': '{0:은/는} 재지 않았습니다. 있는 것은 {1}입니다',
  'image {0} has none; leave it out': '이미지 {0}에 하나도 없습니다. 빼세요',
  'image {0}: expected words from 0 to {1}, got {2}': '이미지 {0}: 단어는 0에서 {1}까지여야 하는데 {2}입니다',
  'task.{0} does not fit {1}; was the batch size changed?':
    'task.{0:이/가} {1:과/와} 맞지 않습니다. 배치 크기가 바뀌었나요?',
  'expected version 1, got {0}; update unrolled': '버전 1이어야 하는데 {0}입니다. unrolled를 업데이트하세요',
  'expected accuracy, macroF1 or loss, got {0}': 'accuracy, macroF1, loss 가운데 하나여야 하는데 {0}입니다',
  'ExampleTask: a task that reads is to be waited for: await task.ready()':
    'ExampleTask: 읽는 과제는 기다려야 합니다: await task.ready()',
  'its task state has no position; was it saved by another kind of task?':
    '과제의 상태에 위치가 없습니다. 다른 종류의 과제가 저장했나요?',
  'the model has {0}, and the windows have {1}': '모델은 {0:이고/고} 창은 {1}입니다',
  '{0}: expected a class from 0 to {1}, got {2}': '{0}: 클래스는 0에서 {1}까지여야 하는데 {2}입니다',
  "expected 'mean' or 'sum', got {0}": "'mean'이나 'sum'이어야 하는데 {0}입니다",
  'its task state has no position and carried state; was it saved by another kind of task?':
    '과제의 상태에 위치와 이어진 상태가 없습니다. 다른 종류의 과제가 저장했나요?',
  'expected a StreamBatcher, got {0}': 'StreamBatcher여야 하는데 {0}입니다',
  'its task state has no step and level; was it saved by another kind of task?':
    '과제의 상태에 단계와 난이도가 없습니다. 다른 종류의 과제가 저장했나요?',
  'there are no examples; leave it out, or give some': '예제가 없습니다. 빼거나 몇 개 주세요',
  'example {0}: expected {1}, got {2}': '예제 {0}: {1:이/가} 필요한데 {2}입니다',
  'several processes add float32, and the model has {0}': '프로세스가 여럿이면 float32를 더하는데 모델은 {0}입니다',
  'expected an optimizer, got {0}': '옵티마이저여야 하는데 {0}입니다',
  "expected 'stop' or 'skip', got {0}": "'stop'이나 'skip'이어야 하는데 {0}입니다",
  'expected a decay between 0 and 1, got {0}': '0과 1 사이의 감쇠율이어야 하는데 {0}입니다',
  '{0} processes need a batch of at least as many shards, got {1}; with {2} each computes two':
    '프로세스 {0}개에는 배치 조각이 그만큼은 있어야 하는데 {1}개입니다. {2}개면 저마다 둘을 계산합니다',
  'this task cannot cut its batches: it has no divide and nextShards':
    '이 과제는 배치를 나눌 수 없습니다: divide와 nextShards가 없습니다',
  'the loss of step {0} is {1}': '{0}단계의 손실이 {1}입니다',
  'a gradient of step {0} is not finite': '{0}단계의 기울기가 유한한 수가 아닙니다',
  '{0} is measured on translations: validation and translate are needed':
    '{0:은/는} 번역에서 잽니다: validation과 translate가 있어야 합니다',
  "needs the full softmax, not output '{0}'": "출력 '{0}'이 아니라 전체 소프트맥스가 있어야 합니다",
  'pair {0}: expected symbols from 0 to {1}, got {2} at {3}':
    '쌍 {0}: 기호는 0에서 {1}까지여야 하는데 {3}에 {2:이/가} 있습니다',
  'pair {0}: its source is empty; leave it out': '쌍 {0}: 원문이 비어 있습니다. 빼세요',
  'no question has an answer that the model can give': '모델이 줄 수 있는 답을 가진 질문이 없습니다',
  'expected images as bytes [N, h, w, 3], got {0} numbers': '이미지는 바이트 [N, h, w, 3]이어야 하는데 수 {0}개입니다',
  'question {0} has no words': '질문 {0}에 단어가 없습니다',
  'question {0}: expected an image from 0 to {1}, got {2}': '질문 {0}: 이미지는 0에서 {1}까지여야 하는데 {2}입니다',
  'question {0}: expected −1, or one from 0 to {1}, got {2}': '질문 {0}: −1이거나 0에서 {1}까지여야 하는데 {2}입니다',
  'lacks {0}{1}: the run that saved it did not average its weights':
    '{0:이/가} 없습니다{1}: 저장한 실행이 가중치를 평균 내지 않았습니다',
  '{0} could not join the job': '{0:이/가} 작업에 참여할 수 없습니다',
  'no library of MPI can be loaded; install one (apt-get install openmpi-bin, or mpich; on a cluster, load its module), or say where it is: UNROLLED_MPI=/path/to/libmpi.so':
    '불러올 수 있는 MPI 라이브러리가 없습니다. 설치하거나(apt-get install openmpi-bin 또는 mpich, 클러스터에서는 모듈), 어디 있는지 알려 주세요: UNROLLED_MPI=/path/to/libmpi.so',
  'expected a path, openmpi, mpich, abi or off, got {0}':
    '경로, openmpi, mpich, abi, off 가운데 하나여야 하는데 {0}입니다',
  'several processes need the native addon, and it cannot be loaded':
    '프로세스가 여럿이면 네이티브 애드온이 있어야 하는데 불러올 수 없습니다',
};

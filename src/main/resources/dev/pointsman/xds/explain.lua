-- Marks requests that may have an explanation. A request header has a secret of which the route knows the SHA-256, or a
-- verified token has a claim. Nobody behind this filter gets the header.
local HEADER, LONGEST = "x-pointsman-explain", 256
local band, bxor, bnot, ror, rshift, tobit = bit.band, bit.bxor, bit.bnot, bit.ror, bit.rshift, bit.tobit

-- The constants of FIPS 180-4: the fractions of the roots of the first 64 primes.
local start, steps = {}, {}
do
  local number = 2
  while #steps < 64 do
    local prime = true
    for divisor = 2, number - 1 do prime = prime and number % divisor ~= 0 end
    if prime then
      if #start < 8 then start[#start + 1] = tobit(math.floor(number ^ 0.5 % 1 * 2 ^ 32)) end
      steps[#steps + 1] = tobit(math.floor(number ^ (1 / 3) % 1 * 2 ^ 32))
    end
    number = number + 1
  end
end

local function block(hash, text, from)
  local words = {}
  for i = 1, 16 do
    local a, b, c, d = text:byte(from + 4 * i - 4, from + 4 * i - 1)
    words[i] = tobit(((a * 256 + b) * 256 + c) * 256 + d)
  end
  for i = 17, 64 do
    local x, y = words[i - 15], words[i - 2]
    local s0 = bxor(ror(x, 7), ror(x, 18), rshift(x, 3))
    local s1 = bxor(ror(y, 17), ror(y, 19), rshift(y, 10))
    words[i] = tobit(words[i - 16] + s0 + words[i - 7] + s1)
  end
  local a, b, c, d, e, f, g, h = unpack(hash)
  for i = 1, 64 do
    local s1 = bxor(ror(e, 6), ror(e, 11), ror(e, 25))
    local choice = bxor(band(e, f), band(bnot(e), g))
    local t1 = tobit(h + s1 + choice + steps[i] + words[i])
    local s0 = bxor(ror(a, 2), ror(a, 13), ror(a, 22))
    local majority = bxor(band(a, b), band(a, c), band(b, c))
    h, g, f, e, d, c, b, a = g, f, e, tobit(d + t1), c, b, a, tobit(t1 + s0 + majority)
  end
  for i, value in ipairs({a, b, c, d, e, f, g, h}) do hash[i] = tobit(hash[i] + value) end
end

-- Only for texts that are short: their length in bits has two bytes.
local function sha256(text)
  local bits = #text * 8
  local padded = text .. "\128" .. string.rep("\0", (55 - #text) % 64 + 6)
    .. string.char(math.floor(bits / 256), bits % 256)
  local hash, hex = {unpack(start)}, ""
  for from = 1, #padded, 64 do block(hash, padded, from) end
  for i = 1, 8 do hex = hex .. bit.tohex(hash[i]) end
  return hex
end

local function has(value, wanted)
  if type(value) ~= "table" then return value == wanted end
  for _, one in pairs(value) do
    if one == wanted then return true end
  end
  return false
end

local function allowed(by, secret, metadata)
  if by:get("sha256") and secret and #secret <= LONGEST and sha256(secret) == by:get("sha256") then return true end
  if not by:get("claim") then return false end
  local tokens = metadata:get("envoy.filters.http.jwt_authn")
  local token = tokens and tokens[by:get("provider")]
  return type(token) == "table" and has(token[by:get("claim")], by:get("value"))
end

function envoy_on_request(handle)
  local headers, metadata = handle:headers(), handle:streamInfo():dynamicMetadata()
  local secret = headers:get(HEADER)
  if secret then headers:remove(HEADER) end
  if allowed(handle:filterContext(), secret, metadata) then metadata:set("pointsman.explain", "allowed", "yes") end
end
